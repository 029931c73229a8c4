// The order pad: one line to type into, rows of text, and a queue that loses nothing.

import { combobox, focusWhenShown, words as spans } from "./combobox.js";
import { Acts } from "./acts.js";
import { Again } from "./again.js";
import { Grid } from "./grid.js";
import { History } from "./history.js";
import { Learning } from "./learning.js";
import { Marked } from "./marked.js";
import { Panel } from "./panel.js";
import { Paste } from "./paste.js";
import { Queue, items } from "./queue.js";
import { Refusal } from "./refusal.js";

const pad = document.getElementById("pad");
const words = JSON.parse(document.getElementById("pad-words").textContent);
const line = document.getElementById("line");
const goOn = document.getElementById("go-on");
const saved = document.getElementById("saved");
const trouble = document.getElementById("trouble");
const waitingRows = document.getElementById("waiting-rows");
const isMac = /^Mac/.test(navigator.platform);
const COUNT_FIRST = /^\s*[0-9.]+\s?[xX*]\s+/;
let shownOnce = ""; // what undo or redo did, told when it is saved
const later = []; // what waits until all that was typed is saved
let leaving = false; // Ctrl+Enter was pressed: go on as soon as everything is saved

const queue = new Queue({
  url: pad.dataset.edit,
  key: `pad:${pad.dataset.document}`,
  revision: Number(pad.dataset.revision),
  token: () => goOn.elements.csrfmiddlewaretoken.value,
});

const grid = new Grid(document.querySelector(".pad-table"), document.getElementById("rows"), {
  change: (id, column, text, seen) => {
    const op = { op: "change", line: id, column, text };
    queue.add(op, history.did(grid.asBefore(id, column), [op]), seen);
  },
  // A line that is changed at this moment goes when that is saved, so that it comes back as it was typed last.
  remove: (id) => (queue.touches(id) ? whenSaved(() => remove(id)) : remove(id)),
  leave: () => line.focus(),
});

const products = combobox(line, document.getElementById("line-list"), {
  find(text) {
    const code = text.replace(COUNT_FIRST, "").trimStart();
    if (code.trim().length < 2 || /\s[0-9@]/.test(code)) return null;
    return `${pad.dataset.products}?q=${encodeURIComponent(code.trim())}`;
  },
  show: (product) => spans(product.code, product.name, product.detail),
  choose(product) {
    const count = line.value.match(COUNT_FIRST)?.[0] ?? "";
    line.value = count ? `${count}${product.code}` : `${product.code} `;
  },
});

function remove(id) {
  const op = { op: "remove", line: id };
  const row = grid.rows.querySelector(`[data-line="${id}"]`);
  if (!row) return;
  row.classList.add("is-going");
  queue.add(op, history.did([{ ...grid.putBack(id), as: id }], [op]), grid.standing(op));
}

// --- entering ---------------------------------------------------------------------------------------------------

function add(text) {
  return addAll([text])[0] ?? "";
}

function whenSaved(act) {
  later.push(act);
  if (queue.size) queue.send();
  else doLater();
}

function doLater() {
  later.splice(0).forEach((act) => act());
}

function addAll(texts) {
  const typed = texts.map((text) => text.trim().slice(0, 1000)).filter(Boolean);
  const made = history.added(typed).map((note, i) => ({ op: { op: "add", text: typed[i] }, note, seen: null }));
  waitingRows.append(...made.map(({ op, note }) => waitingRow(note, op.text)));
  showEnd();
  queue.addAll(made);
  return made.map(({ note }) => note);
}

// While one enters, the newest line and what all of them come to are in sight.
function showEnd() {
  if (document.activeElement === line) document.getElementById("summary").scrollIntoView({ block: "nearest" });
}

function waitingRow(note, text) {
  const row = document.createElement("tr");
  row.dataset.note = note;
  row.className = "is-saving";
  row.insertCell().textContent = "…";
  const cell = row.insertCell();
  cell.colSpan = 9;
  cell.textContent = text;
  return row;
}

document.getElementById("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  products.close();
  const command = COMMANDS[line.value.trim().toLowerCase()];
  if (command) {
    line.value = "";
    command();
    return;
  }
  learning.entered(add(line.value));
  line.value = "";
  line.focus();
});

line.addEventListener("keydown", (event) => {
  if (event.key === "ArrowUp" && (marked.focusLast() || grid.focusLast())) event.preventDefault();
});

const paste = new Paste(document.getElementById("paste"), {
  urls: pad.dataset,
  words,
  token: () => goOn.elements.csrfmiddlewaretoken.value,
  enter(rows) {
    addAll(rows.map(({ entry }) => entry).filter(Boolean));
    for (const { text, problem, instead } of rows.filter(({ entry }) => !entry)) {
      marked.append({ text, message: problem, instead });
    }
    line.focus();
  },
});

// More than one row, or cells: looked at before anything is entered.
line.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (!/\t|\S\s*\n\s*\S/.test(text)) return;
  event.preventDefault();
  paste.open(text);
});

const file = document.getElementById("paste-file");
file.addEventListener("change", () => {
  if (file.files.length) paste.openFile(file.files[0]);
  file.value = "";
});
document.getElementById("choose-file").addEventListener("click", () => file.click());
pad.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
pad.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  paste.openFile(event.dataTransfer.files[0]);
});

const header = document.getElementById("pad-header");
let above = Object.fromEntries([...header.elements].map(({ name, value }) => [name, value])); // as it is saved

header.addEventListener("change", (event) => {
  const { name, value } = event.target;
  if (!name) return;
  const op = { op: "header", column: name, text: value };
  queue.add(op, history.did([{ ...op, text: above[name] }], [op]), above[name]);
});
header.addEventListener("submit", (event) => event.preventDefault());

function showHeader(values) {
  above = values;
  for (const field of header.elements) {
    if (field !== document.activeElement && field.name in values) field.value = values[field.name];
  }
}

// What is saved now where an operation changes something; nothing when its line is gone.
function standing(op) {
  return op.op === "header" ? (above[op.column] ?? null) : grid.standing(op);
}

// --- when it comes, and what else there is ----------------------------------------------------------------------

const panel = new Panel(document.getElementById("panel"), {
  url: pad.dataset.availability,
  words,
  act(id, act, value) {
    if (act === "quantity") {
      const op = { op: "change", line: id, column: "quantity", text: value };
      queue.add(op, history.did(grid.asBefore(id, "quantity"), [op]), grid.standing(op));
    }
    else if (act === "swap") swap(id, value);
    else if (act === "warehouse") {
      header.elements.warehouse.value = value;
      header.elements.warehouse.dispatchEvent(new Event("change", { bubbles: true }));
    }
  },
});

const acts = new Acts(grid, document.getElementById("row-menu"), {
  whenSaved,
  send: (op, back, seen) => queue.add(op, history.did(back, [op]), seen),
  copied(op) {
    const note = history.copied(op);
    waitingRows.append(waitingRow(note, op.text));
    queue.add(op, note);
  },
});

// The line goes only when the one that takes its place is there.
function swap(id, text) {
  const note = add(text);
  const there = ({ detail: { batch } }) => {
    if (!batch.notes.includes(note)) return;
    queue.removeEventListener("done", there);
    grid.removeRow(grid.rows.querySelector(`[data-line="${id}"]`));
    line.focus();
  };
  queue.addEventListener("done", there);
  line.focus();
}

function askWhen(row) {
  if (row && !panel.dialog.open) panel.open(Number(row.dataset.line));
}

grid.table.addEventListener("click", (event) => {
  if (event.target.closest("[data-when]")) askWhen(grid.rowOf(event.target));
});

// The line under the cursor, or the last one while a new one is typed. On a Mac, Option types characters.
document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyA" || !(event.altKey || (isMac && event.ctrlKey)) || event.shiftKey) return;
  event.preventDefault();
  askWhen(grid.rowOf(document.activeElement) ?? acts.last);
});

const learning = new Learning(document.getElementById("learn"), {
  url: pad.dataset.learn,
  words,
  token: () => goOn.elements.csrfmiddlewaretoken.value,
  skuOf: (id) => grid.rows.querySelector(`[data-line="${id}"] .sku`)?.textContent,
  button,
  leave: () => line.focus(),
});

const marked = new Marked(waitingRows, {
  key: `${queue.key}:marked`,
  words,
  button,
  row: waitingRow,
  add,
  putBack(text, unknown) {
    line.value = text;
    learning.correcting(unknown);
  },
  above: () => grid.focusLast(),
  leave: () => line.focus(),
});

// --- taking back and making again -------------------------------------------------------------------------------

const history = new History({
  here: (id) => grid.rows.querySelector(`[data-line="${id}"]`) !== null,
  putBack: (id) => grid.putBack(id),
});
let turning = ""; // undo or redo that waits until everything is saved

function turn(way) {
  if (queue.size) {
    turning = way;
    queue.send();
    return;
  }
  turning = "";
  const ops = history[way]();
  if (!ops.length) {
    saved.textContent = way === "undo" ? words.nothing_undone : words.nothing_redone;
    return;
  }
  shownOnce = `${way === "undo" ? words.undone : words.redone} ${readableSteps(ops)}`;
  queue.addAll(ops.map(({ as, ...op }) => ({ op, note: history.expect(as), seen: standing(op) })));
}

function readableSteps(ops) {
  const shown = ops.slice(0, 3).map(({ text, line: id }) =>
    text || grid.rows.querySelector(`[data-line="${id}"]`)?.dataset.entry || "–");
  return shown.join(", ") + (ops.length > 3 ? ` … (${ops.length})` : "");
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const way = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : "";
  const field = event.target.closest("input, textarea, select");
  if (!way || (field && (field !== line || line.value))) return; // the field takes back what was typed in it
  event.preventDefault();
  turn(way);
});

// --- again, and all keys ----------------------------------------------------------------------------------------

const again = new Again(document.getElementById("again"), { words, enter: (entries) => {
  addAll(entries);
  line.focus();
} });
const keys = document.getElementById("keys");

function showKeys() {
  keys.showModal();
}

keys.addEventListener("click", (event) => (event.target === keys || event.target.closest("[data-close]")) && keys.close());
keys.addEventListener("close", () => line.focus());

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const alt = (event.altKey || (isMac && event.ctrlKey)) && !event.shiftKey;
  const act = { KeyL: () => again.open(pad.dataset.last), KeyH: () => again.open(pad.dataset.bought), KeyR: rebate, KeyC: focusCustomer, KeyO: focusHeader, KeyW: why }[alt && event.code];
  const isFree = event.target === line ? !line.value : !event.target.closest("input, textarea, select");
  if (!act && !(event.key === "?" && isFree)) return;
  event.preventDefault();
  (act ?? showKeys)();
});

// The discount on the line that one stands on, else the one on all lines.
function rebate() {
  const cell = document.activeElement.closest("[data-line]")?.querySelector('[data-column="discount"]');
  (cell ?? header.elements.discount).focus();
}

function why() {
  const row = acts.here;
  if (row) grid.why(row);
}

function focusHeader() {
  [...header.elements].find(({ type, readOnly }) => type !== "hidden" && !readOnly).focus();
}

function focusCustomer() {
  document.getElementById("customer").focus();
}

for (const place of [header, document.getElementById("customer")]) {
  place.addEventListener("keydown", ({ key }) => key === "Escape" && line.focus());
}

// Every chord is also a word in the line.
const COMMANDS = {
  ...acts.words,
  "/header": focusHeader,
  "/customer": focusCustomer,
  "/rebate": rebate,
  "/last": () => again.open(pad.dataset.last),
  "/history": () => again.open(pad.dataset.bought),
  "/undo": () => turn("undo"),
  "/redo": () => turn("redo"),
  "/keys": showKeys,
  "/when": () => askWhen(acts.last),
  "/why": why,
};

// --- going on ---------------------------------------------------------------------------------------------------

goOn.addEventListener("submit", (event) => {
  if (marked.first) {
    event.preventDefault();
    saved.textContent = words.marked;
    marked.first.querySelector("button").focus();
  } else if (queue.size) {
    event.preventDefault();
    leaving = true;
    saved.textContent = words.waits;
    queue.send();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && goOn.querySelector("button:not([type])")) {
    event.preventDefault();
    if (grid.editor) grid.commit();
    if (header.contains(document.activeElement)) line.focus(); // a field says that it was changed as it is left
    if (line.value.trim()) {
      add(line.value);
      line.value = "";
    }
    goOn.requestSubmit();
  }
});

window.addEventListener("beforeunload", (event) => {
  if (queue.size) event.preventDefault();
});

// --- what the server says ---------------------------------------------------------------------------------------

queue.addEventListener("done", ({ detail: { body, batch } }) => {
  batch.ops.forEach((op) => op.op === "header" && (above[op.column] = op.text));
  body.removed.forEach((id) => grid.drop(id));
  const isMoving = queue.waiting.some(({ op }) => op.op === "move");
  body.rows.forEach((row) => grid.put(row, isMoving));
  showFoot(body);
  batch.notes.forEach((note) => note && waitingRows.querySelector(`[data-note="${note}"]`)?.remove());
  learning.added(batch.notes, body.added);
  batch.notes.forEach((note, i) => body.added[i] && history.isThere(note, body.added[i]));
  batch.notes.forEach((note, i) => history.alsoThere(note, body.rest?.[i] ?? []));
  if (batch.ops.some(({ op }) => op === "add")) showEnd();
});

queue.addEventListener("refused", async ({ detail: { code, message, unknown, instead, batch } }) => {
  leaving = false;
  if (code !== "stale") batch.notes.forEach((note) => history.forget(note));
  if (code === "stale" || code === "illegal_move") queue.stopped = true;
  if (code === "stale") return makeAgain(message ?? words.failed, items(batch));
  const row = waitingRows.querySelector(`[data-note="${batch.notes[0]}"]`);
  if (["add", "copy"].includes(batch.ops[0].op) && row) {
    return marked.mark(row, { text: batch.ops[0].text, message: message ?? words.failed, unknown, instead });
  }
  tellTrouble(message ?? words.failed, []);
  await reload();
});

// Somebody was faster. What nobody else touched is made again at once; where another value stands now, people choose.
// What waited behind it was typed before anybody saw the new values, so it is looked at too.
async function makeAgain(message, refused) {
  const isFresh = await reload();
  const kept = [...refused, ...queue.waiting.splice(0)];
  const clashes = kept.filter(({ op, seen }) => !isFresh || (op.op !== "add" && standing(op) !== seen));
  const free = kept.filter((one) => !clashes.includes(one));
  if (clashes.length) tellTrouble(message, clashes);
  queue.stopped = false;
  free.forEach(({ op, note, seen }) => queue.add(op, note, seen));
  queue.send();
}

queue.addEventListener("state", ({ detail: { state, size } }) => {
  const told = {
    saved: words.saved,
    saving: words.saving,
    offline: `${words.unsaved} ${size}. ${words.no_network}`,
    "signed-out": `${words.unsaved} ${size}. ${words.sign_in}`,
    failed: `${words.unsaved} ${size}. ${words.failed}`,
  }[state];
  saved.textContent = told;
  if (state === "signed-out") saved.append(" ", signIn());
  saved.classList.toggle("is-bad", !["saved", "saving"].includes(state));
  if (state === "saved" && shownOnce) {
    saved.textContent = `${saved.textContent} · ${shownOnce}`;
    shownOnce = "";
  }
  if (state === "signed-out") renewToken();
  if (state === "saved") doLater();
  if (state === "saved" && turning) turn(turning);
  if (state === "saved" && leaving) goOn.requestSubmit();
});

window.addEventListener("online", () => queue.send());
window.addEventListener("focus", () => queue.send()); // back from signing in beside

function signIn() {
  const link = document.createElement("a");
  Object.assign(link, { className: "doc-link", href: pad.dataset.signIn, target: "_blank", textContent: words.sign_in_here });
  return link;
}

function tellTrouble(message, kept) {
  const text = document.createElement("p");
  text.textContent = message;
  const close = () => {
    trouble.hidden = true;
    line.focus();
  };
  trouble.replaceChildren(text, ...(kept.length ? kept.map((one) => clash(one, close)) : [button("✕", close)]));
  trouble.hidden = false;
}

// One place where two people wanted different things: theirs stands, ours can still be made.
function clash({ op, note }, close) {
  const box = document.createElement("p");
  const there = standing(op);
  const settle = (act) => {
    act();
    box.remove();
    if (!trouble.querySelector("button")) close();
  };
  const mine = button(words.mine, () => settle(() => queue.add(op, note, standing(op))));
  const theirs = button(words.theirs, () =>
    settle(() => note && waitingRows.querySelector(`[data-note="${note}"]`)?.remove()));
  box.append(told(op, there), " ", ...(op.line && there === null ? [] : [mine, " "]), theirs);
  return box;
}

function told(op, there) {
  if (op.line && there === null) return words.unknown;
  const row = grid.rows.querySelector(`[data-line="${op.line}"]`);
  const line = row && `${row.dataset.position} ${row.querySelector(".sku").textContent}`;
  const label = op.op === "move" ? "#" : op.column === "note" ? grid.table.dataset.note : grid.cell(op.line, op.column)?.dataset.label ?? header.elements[op.column]?.labels[0].textContent.trim();
  const now = there === null ? "" : `${words.now} ${readable(op, there)},`;
  const yours = op.op === "remove" ? words.remove : readable(op, op.text ?? String(op.position));
  return [[line, label].filter(Boolean).join(", "), now, words.yours, yours].filter(Boolean).join(" ");
}

// A choice in the header is shown by its words.
function readable(op, value) {
  const options = op.op === "header" ? header.elements[op.column]?.options : null;
  return [...(options ?? [])].find((option) => option.value === value)?.text ?? (value || "–");
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "doc-button is-calm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function showFoot({ summary, credit }) {
  document.getElementById("summary").innerHTML = summary;
  const shown = document.getElementById("credit");
  if (shown.innerHTML.trim() !== credit.trim()) shown.innerHTML = credit;
}

async function reload() {
  try {
    const response = await fetch(pad.dataset.rows, { headers: { Accept: "application/json" } });
    const body = await response.json();
    grid.replaceAll(body.rows);
    showHeader(body.header);
    showFoot(body);
    queue.revision = body.revision;
    if (!queue.size) saved.textContent = words.saved;
    return true;
  } catch {
    saved.textContent = words.no_network;
    return false;
  }
}

// After signing in again in another tab this page needs the new token.
async function renewToken() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("#go-on [name=csrfmiddlewaretoken]");
    if (fresh) goOn.elements.csrfmiddlewaretoken.value = fresh.value;
  } catch {
    // still no connection: the queue tries again anyway
  }
}

const refused = document.querySelector(".doc-refusal");
if (refused) {
  new Refusal(refused, {
    find: (at) => (/^\d/.test(at) ? grid.rows.querySelector(`[data-position="${at}"] [data-column="quantity"]`) : header.elements[at]),
    leave: () => line.focus(),
  });
}
focusWhenShown(refused ?? line);

// What an earlier page could not send is sent now.
if (queue.size) {
  for (const { op, note } of [...(queue.batch ? items(queue.batch) : []), ...queue.waiting]) {
    if (["add", "copy"].includes(op.op) && note) waitingRows.append(waitingRow(note, op.text));
  }
  queue.send();
}
