// The inbox by keyboard: j and k move, Enter opens, a approves or releases, r rejects, a digit takes a reason, Enter sends it, Esc
// does not reject after all.

import { focusWhenShown } from "./combobox.js";

const cards = [...document.querySelectorAll(".card")];
const PLACE = "inbox-place";
const OFF = "oms.shortcuts.off"; // people who dislike single keys switch them off on the home page
let at = -1;

function go(index) {
  if (!cards.length) return;
  at = Math.max(0, Math.min(cards.length - 1, index));
  cards[at].focus();
  cards[at].scrollIntoView({ block: "nearest" });
}

// Ask why. A digit takes a reason: one that is ticked is sent by the button after it, one that is a button by itself.
function ask(details, digit) {
  details.open = true;
  const chips = details.querySelectorAll("[name=chip], button.chip");
  if (digit > chips.length) return details.querySelector("[name=reason]:not(.chip)").focus();
  const chip = chips[Math.max(digit, 1) - 1];
  if (!digit || chip.matches("button")) return chip.focus();
  chip.checked = !chip.checked;
  details.querySelector("form button").focus();
}

const asked = (card) => card?.querySelector(".decide details[open]");

function askNoMore(card) {
  asked(card).open = false;
  card.focus();
}

function decide(card, verdict) {
  const does = card?.querySelector(`[data-decide=${verdict}]`);
  if (does?.matches("summary")) ask(does.parentElement, 0);
  else does?.click();
}

const acts = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  a: (card) => asked(card) || decide(card, "approve"), // whoever is about to reject does not approve by one key
  r: (card) => decide(card, "reject"),
};

document.addEventListener("keydown", (event) => {
  const isText = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && asked(cards[at])) return askNoMore(cards[at]);
  if (event.ctrlKey || event.metaKey || event.altKey || isText || localStorage.getItem(OFF)) return;
  const card = cards[at];
  const digit = "12345".indexOf(event.key) + 1;
  if (event.key === "Enter" && event.target === card) card.querySelector("a").click();
  else if (acts[event.key]) acts[event.key](card);
  else if (digit && asked(card)) ask(asked(card), digit);
  else return;
  event.preventDefault();
});

cards.forEach((card, index) => {
  card.addEventListener("focusin", () => (at = index));
  card.addEventListener("submit", () => sessionStorage.setItem(PLACE, String(index)));
});

// After a decision the next request takes the place of the one that is gone.
const place = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (cards.length) {
  at = Math.min(Number(place ?? 0), cards.length - 1);
  focusWhenShown(cards[at]);
}
