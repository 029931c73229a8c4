// The order pad: one line to type into, rows of text, and a queue that loses nothing.

import { combobox, focusWhenShown, words as spans } from "./combobox.js";
import { Acts } from "./acts.js";
import { Again } from "./again.js";
import { Clashes } from "./clashes.js";
import { Going } from "./going.js";
import { Grid } from "./grid.js";
import { Header } from "./header.js";
import { History } from "./history.js";
import { Keys } from "./keys.js";
import { Learning } from "./learning.js";
import { Marked } from "./marked.js";
import { Panel } from "./panel.js";
import { Paste, takeFrom } from "./paste.js";
import { Queue } from "./queue.js";
import { Refusal } from "./refusal.js";
import { Saved } from "./saved.js";
import { Shelf } from "./shelf.js";
import { Swapping } from "./swapping.js";
import { Turning } from "./turning.js";
import { Waiting } from "./waiting.js";

const pad = document.getElementById("pad");
const words = JSON.parse(document.getElementById("pad-words").textContent);
const line = document.getElementById("line");
const goOn = document.getElementById("go-on");
const saved = document.getElementById("saved");
const waiting = new Waiting(document.getElementById("waiting-rows"));
const COUNT_FIRST = /^\s*[0-9.]+\s?[xX*]\s+/;
const shelf = (what) => new Shelf(`pad:${pad.dataset.document}:${what}`);
const later = []; // what waits until all that was typed is saved

function token() {
  return goOn.elements.csrfmiddlewaretoken.value;
}

const queue = new Queue({
  url: pad.dataset.edit,
  shelf: shelf("unsaved"),
  revision: Number(pad.dataset.revision),
  token,
});

const grid = new Grid(document.querySelector(".pad-table"), document.getElementById("rows"), {
  change: (id, column, text, seen, isOutdated) => {
    const op = { op: "change", line: id, column, text };
    const item = { op, note: history.did(op), seen };
    if (isOutdated) clashes.ask(words.outdated, [item]);
    else queue.addAll([item]);
  },
  // A line that is changed at this moment goes when that is saved, so that it comes back as it was typed last.
  remove: (id) => (queue.touches(id) ? whenSaved(() => remove(id)) : remove(id)),
  lost: () => clashes.tell(words.unknown),
  late: () => clashes.redraw(),
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
  if (grid.going(id)) queue.add(op, history.did(op), grid.standing(op));
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
  made.forEach(({ op, note }) => waiting.add(note, op.text));
  showEnd();
  queue.addAll(made);
  return made.map(({ note }) => note);
}

// While one enters, the newest line and what all of them come to are in sight.
function showEnd() {
  if (document.activeElement === line) document.getElementById("summary").scrollIntoView({ block: "nearest" });
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
  token,
  enter(rows) {
    addAll(rows.map(({ entry }) => entry).filter(Boolean));
    for (const { text, problem, instead } of rows.filter(({ entry }) => !entry)) {
      marked.append({ text, message: problem, instead });
    }
    line.focus();
  },
});

takeFrom(paste, { line, pad, file: document.getElementById("paste-file"), choose: document.getElementById("choose-file") });

const header = new Header(document.getElementById("pad-header"), {
  change(column, text, before, isOutdated) {
    const op = { op: "header", column, text };
    const item = { op, note: history.did(op), seen: before };
    if (!isOutdated) return queue.addAll([item]);
    header.put(column, before);
    clashes.ask(words.outdated, [item]);
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
      queue.add(op, history.did(op), grid.standing(op));
    }
    else if (act === "swap") swapping.swap(id, value);
    else if (act === "warehouse") header.choose("warehouse", value);
  },
});

const acts = new Acts(grid, document.getElementById("row-menu"), {
  whenSaved,
  send: (op, back, seen) => queue.add(op, history.did(op, back), seen),
  copied: (op) => swapping.copy(op),
});

function askWhen(row) {
  if (row && !panel.dialog.open) panel.open(Number(row.dataset.line));
}

grid.table.addEventListener("click", (event) => {
  if (event.target.closest("[data-when]")) askWhen(grid.rowOf(event.target));
});

const learning = new Learning(document.getElementById("learn"), {
  url: pad.dataset.learn,
  words,
  token,
  skuOf: (id) => grid.row(id)?.querySelector(".sku").textContent,
  leave: () => line.focus(),
});

const marked = new Marked(waiting.rows, {
  shelf: shelf("marked"),
  words,
  row: (text) => waiting.row("", text),
  add,
  putBack(text, unknown) {
    line.value = text;
    learning.correcting(unknown);
  },
  above: () => grid.focusLast(),
  leave: () => line.focus(),
});

// --- taking back and making again -------------------------------------------------------------------------------

const history = new History(grid, header);
const swapping = new Swapping({ queue, grid, history, waiting, leave: () => line.focus() });
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

// --- what the server says ---------------------------------------------------------------------------------------

const clashes = new Clashes(document.getElementById("trouble"), {
  shelf: shelf("asked"),
  grid,
  header,
  words,
  standing,
  make(op, note) {
    if (op.op === "header") header.put(op.column, op.text);
    queue.add(op, note, standing(op));
  },
  drop(note) {
    history.forget(note);
    waiting.drop(note);
  },
  leave: () => line.focus(),
});

const going = new Going(goOn, {
  queue,
  marked,
  clashes,
  saved,
  words,
  typedLast() {
    if (grid.editor) grid.commit();
    if (header.isActive) line.focus(); // a field says that it was changed as it is left
    add(line.value);
    line.value = "";
  },
});

queue.addEventListener("done", ({ detail: { body, batch: { items } } }) => {
  const notes = items.map(({ note }) => note);
  header.took(items.map(({ op }) => op));
  body.removed.forEach((id) => grid.drop(id));
  const isMoving = queue.items.some(({ op }) => op.op === "move");
  body.rows.forEach((row) => grid.put(row, isMoving));
  showFoot(body);
  clashes.redraw();
  notes.forEach((note) => waiting.drop(note));
  learning.added(notes, body.added);
  notes.forEach((note, i) => body.added[i] && history.isThere(note, body.added[i]));
  notes.forEach((note, i) => history.also(note, (body.rest?.[i] ?? []).map((id) => ({ op: "remove", line: id }))));
  if (items.some(({ op }) => op.op === "add")) showEnd();
});

queue.addEventListener("refused", async ({ detail: { code, message = words.failed, unknown, instead, batch } }) => {
  going.stop();
  if (code === "illegal_move") queue.stopped = true;
  batch.items.forEach(({ note }) => history.forget(note));
  const [{ op, note }] = batch.items;
  const row = waiting.of(note);
  if (["add", "copy"].includes(op.op) && row) {
    return marked.mark(row, { text: op.text, message, unknown, instead });
  }
  clashes.tell(message);
  await reload();
});

// Somebody was faster. What nobody else touched is made again at once; where another value stands now, people choose.
// What waited behind it was typed before anybody saw the new values, so it is looked at too.
queue.addEventListener("stale", async ({ detail: { message = words.failed } }) => {
  going.stop();
  if (!(await reload())) return queue.resumeLater();
  const clashing = queue.items.filter(isClash);
  if (clashing.length) clashes.ask(message, clashing);
  queue.resume(clashing);
});

function isClash({ op, seen }) {
  return op.op !== "add" && standing(op) !== seen;
}

const state = new Saved(saved, { words, token: goOn.elements.csrfmiddlewaretoken, signIn: pad.dataset.signIn });
queue.addEventListener("state", ({ detail: { state: now, size } }) => {
  state.show(now, size);
  if (now === "saved") allSaved();
});

function allSaved() {
  turning.tell();
  doLater();
  turning.goOn();
  going.allSaved();
}

window.addEventListener("online", () => queue.send());
window.addEventListener("focus", () => queue.send()); // back from signing in beside

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
    clashes.redraw();
    showFoot(body);
    queue.revision = body.revision;
    if (!queue.size) saved.textContent = words.saved;
    return true;
  } catch {
    saved.textContent = words.no_network;
    return false;
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

// What an earlier page could not send is sent now, and what it asked is asked still.
for (const { op, note } of queue.items) {
  if (["add", "copy"].includes(op.op) && note) waiting.add(note, op.text);
}
clashes.askAgain(words.outdated);
queue.send();
