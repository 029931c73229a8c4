// Choosing the customer of a new document: type, arrow, Enter.

import { combobox, focusWhenShown, words } from "./combobox.js";

const form = document.getElementById("choose");
const input = document.getElementById("who");
const chosen = document.getElementById("customer");
const said = document.getElementById("who-said");

combobox(input, document.getElementById("who-list"), {
  find: (text) => text.trim() && `${form.dataset.find}?q=${encodeURIComponent(text.trim())}`,
  show: (customer) => words(customer.name, customer.code, customer.detail),
  choose: (customer) => {
    chosen.value = customer.id;
    input.value = customer.name;
    form.submit();
  },
  told: (count) => (said.textContent = count ? "" : said.dataset.none),
});

// Enter before anything is marked takes the first that the look-up finds.
form.addEventListener("submit", async (event) => {
  if (chosen.value) return;
  event.preventDefault();
  const results = await found();
  if (results.length === 1) {
    chosen.value = results[0].id;
    form.submit();
  } else {
    input.dispatchEvent(new Event("input"));
  }
});

async function found() {
  try {
    const answer = await fetch(`${form.dataset.find}?q=${encodeURIComponent(input.value.trim())}`);
    return (await answer.json()).results;
  } catch {
    said.textContent = said.dataset.lost; // no network, or signed out
    return [];
  }
}

focusWhenShown(input);
