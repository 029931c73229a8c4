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

// Ctrl+Enter takes the page's next step, as on the pad; in a field it sends the form of that field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  const form = isTyping(event.target) ? event.target.form : null;
  const next = document.querySelector("[data-next]");
  if (!form && !next) return;
  event.preventDefault();
  if (form) form.requestSubmit();
  else start(next);
});

function start(next) {
  const asks = next.closest("details");
  if (!asks) return next.click();
  asks.open = true;
  asks.querySelector("input:not([type=hidden]), select, textarea, form button").focus();
}
