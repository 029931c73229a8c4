// The inbox by keyboard: j and k move, Enter opens, a approves, r rejects, a digit takes a reason, Enter sends it.

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

function reject(card, digit) {
  const details = card.querySelector(".decide details");
  details.open = true;
  const chips = details.querySelectorAll("[name=chip]");
  const words = details.querySelector("[name=reason]");
  if (!digit) return chips[0].focus();
  if (digit > chips.length) return words.focus();
  chips[digit - 1].checked = !chips[digit - 1].checked;
  details.querySelector("form button").focus();
}

const acts = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  a: (card) => card?.querySelector("[data-decide=approve]").click(),
  r: (card) => card && reject(card),
};

document.addEventListener("keydown", (event) => {
  const isText = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || isText || localStorage.getItem(OFF)) return;
  const card = cards[at];
  const digit = "12345".indexOf(event.key) + 1;
  if (event.key === "Enter" && event.target === card) card.querySelector("a").click();
  else if (acts[event.key]) acts[event.key](card);
  else if (digit && card?.querySelector(".decide details").open) reject(card, digit);
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
