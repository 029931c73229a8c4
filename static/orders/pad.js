// The order pad: one line to type into, rows of text, and a queue that loses nothing.

import { combobox, focusWhenShown, words as spans } from "./combobox.js";
import { Acts } from "./acts.js";
import { Again } from "./again.js";
import { Clashes } from "./clashes.js";
import { Grid } from "./grid.js";
import { Header } from "./header.js";
import { History } from "./history.js";
import { Keys } from "./keys.js";
import { Learning } from "./learning.js";
import { Marked } from "./marked.js";
import { Panel } from "./panel.js";
import { Paste } from "./paste.js";
import { Queue, items } from "./queue.js";
import { Refusal } from "./refusal.js";
import { Turning } from "./turning.js";

const pad = document.getElementById("pad");
const words = JSON.parse(document.getElementById("pad-words").textContent);
const line = document.getElementById("line");
const goOn = document.getElementById("go-on");
const saved = document.getElementById("saved");
const waitingRows = document.getElementById("waiting-rows");
const COUNT_FIRST = /^\s*[0-9.]+\s?[xX*]\s+/;
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

const header = new Header(document.getElementById("pad-header"), {
  change(column, text, before) {
    const op = { op: "header", column, text };
    queue.add(op, history.did([{ ...op, text: before }], [op]), before);
  },
  leave: () => line.focus(),
});

// What is saved now where an operation changes something; nothing when its line is gone.
function standing(op) {
  return op.op === "header" ? (header.saved[op.column] ?? null) : grid.standing(op);
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
    else if (act === "warehouse") header.put("warehouse", value);
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
const turning = new Turning(history, { queue, grid, line, saved, words, standing });

// --- again, and all keys ----------------------------------------------------------------------------------------

const again = new Again(document.getElementById("again"), { words, enter: (entries) => {
  addAll(entries);
  line.focus();
} });
const keys = new Keys(document.getElementById("keys"), {
  line,
  chords: {
    KeyA: () => askWhen(grid.rowOf(document.activeElement) ?? acts.last), // the last one while a new one is typed
    KeyC: focusCustomer,
    KeyH: () => again.open(pad.dataset.bought),
    KeyL: () => again.open(pad.dataset.last),
    KeyO: () => header.focus(),
    KeyR: rebate,
    KeyW: why,
  },
});

// The discount on the line that one stands on, else the one on all lines.
function rebate() {
  const cell = document.activeElement.closest("[data-line]")?.querySelector('[data-column="discount"]');
  (cell ?? header.field("discount")).focus();
}

function why() {
  const row = acts.here;
  if (row) grid.why(row);
}

function focusCustomer() {
  document.getElementById("customer").focus();
}

document.getElementById("customer").addEventListener("keydown", ({ key }) => key === "Escape" && line.focus());

// Every chord is also a word in the line.
const COMMANDS = {
  ...acts.words,
  "/header": () => header.focus(),
  "/customer": focusCustomer,
  "/rebate": rebate,
  "/last": () => again.open(pad.dataset.last),
  "/history": () => again.open(pad.dataset.bought),
  "/undo": () => turning.turn("undo"),
  "/redo": () => turning.turn("redo"),
  "/keys": () => keys.show(),
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
    if (header.isActive) line.focus(); // a field says that it was changed as it is left
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

const clashes = new Clashes(document.getElementById("trouble"), {
  grid,
  header,
  words,
  button,
  standing,
  make: (op, note) => queue.add(op, note, standing(op)),
  drop: (note) => note && waitingRows.querySelector(`[data-note="${note}"]`)?.remove(),
  leave: () => line.focus(),
});

queue.addEventListener("done", ({ detail: { body, batch } }) => {
  header.took(batch.ops);
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
  clashes.tell(message ?? words.failed, []);
  await reload();
});

// Somebody was faster. What nobody else touched is made again at once; where another value stands now, people choose.
// What waited behind it was typed before anybody saw the new values, so it is looked at too.
async function makeAgain(message, refused) {
  const isFresh = await reload();
  const kept = [...refused, ...queue.waiting.splice(0)];
  const clashing = kept.filter(({ op, seen }) => !isFresh || (op.op !== "add" && standing(op) !== seen));
  const free = kept.filter((one) => !clashing.includes(one));
  if (clashing.length) clashes.tell(message, clashing);
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
  if (state === "signed-out") renewToken();
  if (state === "saved") allSaved();
});

function allSaved() {
  turning.tell();
  doLater();
  turning.goOn();
  if (leaving) goOn.requestSubmit();
}

window.addEventListener("online", () => queue.send());
window.addEventListener("focus", () => queue.send()); // back from signing in beside

function signIn() {
  const link = document.createElement("a");
  Object.assign(link, { className: "doc-link", href: pad.dataset.signIn, target: "_blank", textContent: words.sign_in_here });
  return link;
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
    header.show(body.header);
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
    find: (at) => (/^\d/.test(at) ? grid.rows.querySelector(`[data-position="${at}"] [data-column="quantity"]`) : header.field(at)),
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
