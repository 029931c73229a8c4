// The one box: `/` or Ctrl+K opens it, it lists while one types, arrows choose, Enter opens. Where nothing is chosen
// Enter asks the server, which opens the one thing that goes by exactly that: a scanner needs no list.

const PAUSE = 100;
const OFF = "oms.shortcuts.off"; // see shortcuts.js
const box = document.getElementById("search-box");
const form = box.querySelector("form");
const input = box.querySelector("[name=q]");
const list = document.getElementById("search-found");
const said = box.querySelector("[data-said]");
let chosen = -1;
let timer = 0;
let asked = 0;
let shown = "";

const hits = () => [...list.querySelectorAll("a[role=option]")];
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

function open() {
  if (box.open) return;
  box.showModal();
  input.select();
}

function choose(index) {
  const found = hits();
  chosen = found.length ? (index + found.length) % found.length : -1;
  found.forEach((hit, i) => hit.setAttribute("aria-selected", String(i === chosen)));
  if (chosen < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", found[chosen].id);
  found[chosen].scrollIntoView({ block: "nearest" });
}

function show(html, text) {
  list.innerHTML = html;
  shown = text;
  chosen = -1;
  input.removeAttribute("aria-activedescendant");
  const count = hits().length;
  input.setAttribute("aria-expanded", String(count > 0));
  const words = count === 1 ? said.dataset.one : count ? said.dataset.many.replace("%", count) : said.dataset.none;
  said.textContent = text ? words : "";
}

async function look() {
  const text = input.value.trim();
  if (text === shown) return;
  if (!text) return show("", "");
  const turn = ++asked;
  try {
    const answer = await fetch(`${form.action}?${new URLSearchParams({ q: text, part: 1 })}`);
    const html = answer.ok && !answer.redirected ? await answer.text() : "";
    if (turn === asked) show(html, text);
  } catch {
    show("", ""); // listing is a comfort: Enter still asks the server
  }
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  asked += 1;
  timer = setTimeout(look, PAUSE);
});

input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
  else if (event.key === "Enter" && chosen >= 0 && input.value.trim() === shown) location.assign(hits()[chosen].href);
  else return;
  event.preventDefault();
});

form.addEventListener("submit", (event) => {
  if (!input.value.trim()) event.preventDefault();
});
box.querySelector("[data-close]").addEventListener("click", () => box.close());
box.addEventListener("click", (event) => event.target === box && box.close());

document.addEventListener("keydown", (event) => {
  const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const slash = event.key === "/" && !event.ctrlKey && !event.altKey && !event.metaKey
    && !isTyping(event.target) && !localStorage.getItem(OFF);
  if (event.defaultPrevented || !(chord || slash) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  open();
});

for (const link of document.querySelectorAll("[data-search]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
}
