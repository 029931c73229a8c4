// What a step asks for opens below its button, towards the middle of the page: the menu lies over what reaches too far.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches(".doc-ask")) return;
  target.classList.toggle("is-left", target.getBoundingClientRect().left < innerWidth / 2);
}, true);

document.addEventListener("keydown", ({ key, target }) => {
  const asks = key === "Escape" && target.closest(".doc-ask[open]");
  if (!asks) return;
  asks.open = false;
  asks.querySelector("summary").focus();
});
