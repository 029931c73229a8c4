// Single keys start what the page marks with data-key, outside fields; people who dislike that switch it off.
const OFF = "oms.shortcuts.off";
const starters = [...document.querySelectorAll("[data-key]")];
const switched = document.querySelector("[data-shortcuts]");

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

if (switched) {
  switched.checked = localStorage.getItem(OFF) === null;
  switched.closest("label").hidden = false;
  switched.addEventListener("change", () =>
    switched.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || localStorage.getItem(OFF)) return;
  const starter = starters.find((element) => element.dataset.key === event.key);
  if (!starter) return;
  event.preventDefault();
  starter.click();
});
