// Rows are plain text; one cell at a time becomes an input. Arrows move, F2 and Enter edit, Escape puts back.

const CELL = '[data-column]:not([data-column="note"])'; // arrows and Tab pass by the notes
const SCREENFUL = 10; // rows

export class Grid {
  constructor(table, rows, { change, remove, lost, late, leave }) {
    Object.assign(this, { table, rows, change, remove, lost, leave, cameLate: late });
    this.editor = null;
    this.late = new Map(); // rows that arrived while one of their cells was edited
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("click", (event) => this.click(event));
  }

  // Show what the server says: a row in its place, by position. While moves are on their way a row `stays` where they
  // have put it.
  put({ id, position, html }, stays = false) {
    if (String(id) === this.edited?.dataset.line) {
      this.late.set(String(id), { id, position, html });
      return;
    }
    const fresh = drawn(html);
    const old = this.row(id);
    if (!old) return this.insert(fresh, position);
    const column = old.contains(document.activeElement) ? document.activeElement.dataset.column : null;
    if (stays) this.renumber(fresh, Number(old.dataset.position));
    const wasTold = this.untell(old);
    old.replaceWith(fresh);
    if (!stays && this.isOutOfPlace(fresh)) {
      fresh.remove();
      this.insert(fresh, position);
    }
    if (wasTold) this.tell(fresh);
    if (column) fresh.querySelector(`[data-column="${column}"]`)?.focus();
  }

  insert(row, position) {
    if (Number(this.rows.lastElementChild?.dataset.position) < position) return this.rows.append(row);
    const after = [...this.rows.querySelectorAll("[data-line]")].findLast((r) => Number(r.dataset.position) < position);
    if (after) (this.toldOf(after) ?? after).after(row);
    else this.rows.prepend(row);
  }

  isOutOfPlace(row) {
    const [before, here, behind] = [row.previousElementSibling, row, row.nextElementSibling].map((one) => Number(one?.dataset.position));
    return before > here || behind < here; // where there is nothing, neither
  }

  renumber(row, position) {
    row.dataset.position = position;
    row.querySelector(".pad-position").textContent = position;
  }

  drop(id) {
    const row = this.row(id);
    if (!row) return;
    if (row.contains(document.activeElement)) this.leave();
    this.untell(row);
    row.remove();
  }

  // Show other rows, as they are after somebody else has changed them. Who is typing in a cell goes on there as long as
  // its line is there; a cell that one stands on is stood on again.
  replaceAll(rows) {
    const { line, column } = this.here();
    const row = this.edited;
    const at = rows.findIndex(({ id }) => String(id) === row?.dataset.line);
    if (at >= 0) this.keepEdited(rows[at]);
    else if (row) this.close();
    [...this.rows.children].forEach((one) => (at >= 0 && one === row) || one.remove());
    const fresh = rows.map(({ html }) => drawn(html));
    if (at < 0) this.rows.append(...fresh);
    else {
      row.before(...fresh.slice(0, at));
      row.after(...fresh.slice(at + 1));
    }
    if (line && at < 0) this.standAgain(line, column);
    if (row && at < 0) this.lost();
  }

  standAgain(line, column) {
    const cell = this.cell(line, column);
    if (cell) cell.focus();
    else this.leave();
  }

  // The row with the open cell stays as it is until that is left. Somebody else may have changed the very cell.
  keepEdited(row) {
    const { column, value } = this.editor.cell.dataset;
    const valueIn = ({ html }) => drawn(html).querySelector(`[data-column="${column}"]`)?.dataset.value;
    const late = this.late.get(String(row.id));
    this.editor.isOutdated ||= valueIn(row) !== (late ? valueIn(late) : value);
    this.late.set(String(row.id), row);
    this.renumber(this.edited, row.position);
  }

  // The line and the column that one stands on, if it is one of the rows.
  here() {
    const cell = document.activeElement.closest("#rows [data-column]");
    return cell ? { line: this.rowOf(cell).dataset.line, column: cell.dataset.column } : {};
  }

  get edited() {
    return this.editor && this.rowOf(this.editor.cell);
  }

  row(id) {
    return this.rows.querySelector(`[data-line="${id}"]`);
  }

  // Show that a line is about to go; nothing when it is gone.
  going(id) {
    const row = this.row(id);
    row?.classList.add("is-going");
    return row;
  }

  rowOf(element) {
    return element.closest("[data-line]");
  }

  cells() {
    return [...this.rows.querySelectorAll(CELL)];
  }

  focusLast(column = "quantity") {
    const cells = this.cells().filter((cell) => cell.dataset.column === column);
    cells.at(-1)?.focus();
    return cells.length > 0;
  }

  edit(cell, text = null) {
    this.close();
    const input = document.createElement("input");
    input.className = "pad-input";
    input.inputMode = cell.dataset.column === "note" ? "text" : "decimal";
    input.autocomplete = "off";
    input.setAttribute("aria-label", cell.dataset.label ?? "");
    input.value = text ?? cell.dataset.value;
    this.editor = { cell, input, before: [...cell.childNodes] };
    cell.replaceChildren(input);
    input.focus();
    if (text === null) input.select();
    input.addEventListener("blur", () => this.editor?.input === input && this.commit());
  }

  // Edit the note of a row; afterwards the focus goes `back` to a cell of it, or to the line.
  editNote(row, back) {
    if (!row) return;
    this.edit(this.cell(row.dataset.line, "note"));
    Object.assign(this.editor, { back });
    const { note: label, longestNote: maxLength } = this.table.dataset;
    Object.assign(this.editor.input, { maxLength, placeholder: label, ariaLabel: label });
  }

  // Take what was typed; nothing happens when it is what was there.
  commit() {
    const { cell, input, isOutdated = false } = this.editor;
    const text = input.value.trim();
    const row = this.rowOf(cell);
    const isNew = text !== cell.dataset.value;
    this.close();
    if (!isNew) return;
    cell.textContent = text || "…";
    cell.classList.add("is-saving");
    this.change(Number(row.dataset.line), cell.dataset.column, text, cell.dataset.value, isOutdated);
  }

  close() {
    if (!this.editor) return;
    const { cell, before } = this.editor;
    this.editor = null;
    cell.replaceChildren(...before);
    const id = this.rowOf(cell)?.dataset.line;
    const late = this.late.get(id);
    if (late) {
      this.late.delete(id);
      this.put(late);
      this.cameLate();
    }
  }

  key(event) {
    const cell = event.target.closest("[data-column]");
    if (!cell) return;
    const handled = event.target === this.editor?.input ? this.keyInEditor(event, cell) : this.keyOnCell(event, cell);
    if (handled) event.preventDefault();
  }

  keyInEditor(event, cell) {
    const { line } = this.rowOf(cell).dataset;
    const column = cell.dataset.column === "note" ? this.editor.back : cell.dataset.column;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) this.commit();
    else if (event.key === "Tab") {
      this.commit();
      if (column) return this.move(this.cell(line, column), event.shiftKey ? -1 : 1);
    } else return false;
    if (column) this.cell(line, column)?.focus();
    else this.leave();
    return true;
  }

  keyOnCell(event, cell) {
    const columns = this.rowOf(cell).querySelectorAll(CELL).length;
    if (event.ctrlKey && event.key === "Delete") return this.removeRow(this.rowOf(cell));
    if (!event.altKey && event.ctrlKey === ["Home", "End"].includes(event.key) && this.leap(cell, event.key)) return true;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Enter" || event.key === "F2") return this.edit(cell) ?? true;
    if (event.key === "Escape") return this.leave() ?? true;
    if (event.key === "Tab") return this.move(cell, event.shiftKey ? -1 : 1);
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    if (event.key in steps) return this.move(cell, steps[event.key]) || true;
    if (/^[0-9.]$/.test(event.key)) return this.edit(cell, event.key) ?? true;
    return false;
  }

  // The row as an operation that puts it back as it was and where it stood.
  putBack(id) {
    const row = this.row(id);
    const discount = this.cell(id, "discount")?.dataset.value ?? "";
    const note = this.cell(id, "note")?.dataset.value ?? "";
    return row && { op: "put", text: row.dataset.entry, position: Number(row.dataset.position), discount, note, was: Number(id) };
  }

  // What makes a cell what it is now. A price that nobody typed here is the one that the line `was` given: lists may say
  // another one by then. A quantity has its unit, and a price that would not outlive another unit.
  asBefore(id, column) {
    const row = this.row(id);
    const { value } = this.cell(id, column).dataset;
    const isOwn = "typed" in row.dataset || "quoted" in row.dataset;
    if (column === "price") return [{ op: "change", line: id, column, ...this.priceOf(row, value) }];
    if (column !== "quantity") return [{ op: "change", line: id, column, text: value }];
    const price = isOwn && this.cell(id, "price") ? this.asBefore(id, "price") : [];
    return [{ op: "change", line: id, column, text: `${value} ${row.dataset.unit}` }, ...price];
  }

  priceOf({ dataset }, value) {
    if (!value) return { text: "" };
    return "typed" in dataset && !("quoted" in dataset) ? { text: value } : { text: "", was: value };
  }

  // What can be typed in a row, as one text.
  valuesOf(row) {
    return [...row.querySelectorAll("[data-column]")].map((cell) => cell.dataset.value).join(" ");
  }

  // What stands now where an operation changes something; nothing when the line is gone.
  standing({ op, line, column }) {
    const row = this.row(line);
    if (!row) return null;
    if (op === "move") return row.dataset.position;
    return op === "remove" ? this.valuesOf(row) : (this.cell(line, column)?.dataset.value ?? null);
  }

  cell(line, column) {
    return this.rows.querySelector(`[data-line="${line}"] [data-column="${column}"]`);
  }

  move(cell, step) {
    const cells = this.cells();
    const next = cells[cells.indexOf(cell) + step];
    if (next) next.focus();
    else if (step > 0) this.leave();
    return true;
  }

  // Far up or down in the same column, as far as there are rows.
  leap(cell, key) {
    const column = this.cells().filter((one) => one.dataset.column === cell.dataset.column);
    const [at, last] = [column.indexOf(cell), column.length - 1];
    const to = { PageUp: Math.max(0, at - SCREENFUL), PageDown: Math.min(last, at + SCREENFUL), Home: 0, End: last }[key];
    column[to]?.focus();
    return to !== undefined;
  }

  removeRow(row) {
    if (row.classList.contains("is-going")) return true;
    this.untell(row);
    row.classList.add("is-going");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const cell = next?.querySelector(CELL);
    if (cell) cell.focus();
    else this.leave();
    this.remove(Number(row.dataset.line));
    return true;
  }

  // How the price of a row came about, told below it and read out, or taken away again.
  why(row) {
    if (!this.untell(row)) this.tell(row).scrollIntoView({ block: "nearest" });
  }

  tell(row) {
    const told = document.createElement("tr");
    told.className = "pad-told";
    const cell = told.insertCell();
    cell.colSpan = row.cells.length;
    const list = document.createElement("ul");
    for (const step of row.querySelector(".pad-why").title.split("\n")) {
      list.appendChild(document.createElement("li")).textContent = step;
    }
    row.after(told);
    const aloud = cell.appendChild(document.createElement("div"));
    aloud.role = "alert";
    aloud.append(list);
    return told;
  }

  toldOf(row) {
    const below = row.nextElementSibling;
    return below?.classList.contains("pad-told") ? below : null;
  }

  untell(row) {
    const told = this.toldOf(row);
    told?.remove();
    return told !== null;
  }

  click(event) {
    const row = this.rowOf(event.target);
    if (!row) return;
    const cell = event.target.closest("[data-column]");
    if (event.target.closest("[data-remove]")) this.removeRow(row);
    else if (event.target.closest(".pad-why")) this.why(row);
    else if (cell?.dataset.column === "note" && event.target !== this.editor?.input) this.editNote(row, "quantity");
    else if (cell && event.target !== this.editor?.input) this.edit(cell);
  }
}

function drawn(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}
