// What is done with a whole line besides removing it: once more, a note on it, another place. Each by a key, by a word
// in the line that is typed, and by the menu beside the row.

const isMac = /^Mac/.test(navigator.platform);

export class Acts {
  constructor(grid, menu, { send, copied, whenSaved }) {
    Object.assign(this, { grid, menu, send, copied, whenSaved });
    this.words = {
      "/dup": () => this.copy(this.last),
      "/note": () => this.grid.editNote(this.last, null),
      "/up": () => this.move(this.last, -1),
      "/down": () => this.move(this.last, 1),
    };
    grid.table.addEventListener("click", ({ target }) => target.closest("[data-more]") && this.open(grid.rowOf(target)));
    menu.addEventListener("click", (event) => this.chosen(event));
    document.addEventListener("keydown", (event) => this.pressed(event) && event.preventDefault());
  }

  get last() {
    return [...this.grid.rows.querySelectorAll("[data-line]")].at(-1);
  }

  // The line that one stands on, or the last one while a new one is typed.
  get here() {
    const at = document.activeElement;
    return this.grid.rowOf(at) ?? (at.id === "line" || at === document.body ? this.last : null);
  }

  pressed(event) {
    if (document.querySelector("dialog[open]") || event.shiftKey) return false;
    const { altKey, ctrlKey, metaKey, code } = event;
    if ((ctrlKey || metaKey) && !altKey && event.key.toLowerCase() === "d") return this.on((row) => this.copy(row));
    if (code === "KeyN" && ((altKey && !ctrlKey) || (isMac && ctrlKey))) return this.on((row) => this.note(row));
    const step = altKey && !ctrlKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : 0;
    const isCell = document.activeElement.closest("#rows [data-line]") && !this.grid.editor;
    return step && isCell ? this.on((row) => this.move(row, step)) : false;
  }

  on(act) {
    const row = this.here;
    if (row) act(row);
    return Boolean(row);
  }

  // Right below it, as it stands once all that was typed is saved.
  copy(row) {
    if (!row) return;
    if (this.grid.editor) this.grid.commit();
    const line = Number(row.dataset.line);
    this.whenSaved(() => {
      const { text, discount, note } = this.grid.putBack(line) ?? {};
      if (text) this.copied({ op: "copy", below: line, text, discount, note });
    });
  }

  note(row) {
    const at = document.activeElement.closest("[data-column]");
    if (this.grid.editor) this.grid.commit();
    this.grid.editNote(row, at?.dataset.column ?? null);
  }

  // The two rows change places at once, so that the next press goes on from there; the server says the same.
  move(row, step) {
    this.grid.rows.querySelectorAll(".pad-told").forEach((told) => told.remove());
    const other = step < 0 ? row?.previousElementSibling : row?.nextElementSibling;
    if (!other?.dataset.line) return;
    const line = Number(row.dataset.line);
    const [from, to] = [row, other].map(({ dataset }) => Number(dataset.position));
    this.grid.renumber(row, to);
    this.grid.renumber(other, from);
    if (step < 0) row.after(other); // the other one: a row that is taken out loses the focus
    else row.before(other);
    row.scrollIntoView({ block: "nearest" });
    const op = { op: "move", line, position: to };
    this.send(op, [{ ...op, position: from }], String(from));
  }

  open(row) {
    this.row = row;
    const title = `${row.dataset.position} ${row.querySelector(".sku").textContent}`;
    this.menu.querySelector("h3").textContent = title;
    this.menu.querySelector("[data-do=up]").disabled = !row.previousElementSibling?.dataset.line;
    this.menu.querySelector("[data-do=down]").disabled = !row.nextElementSibling?.dataset.line;
    this.menu.showModal();
    this.menu.querySelector("[data-do]:enabled").focus();
  }

  chosen({ target }) {
    const act = target.closest("[data-do]")?.dataset.do;
    if (!act && target !== this.menu && !target.closest("[data-close]")) return;
    this.menu.close();
    const row = this.grid.row(this.row.dataset.line);
    row?.querySelector("[data-more]").focus();
    if (act && row) this.do(act, row);
  }

  do(act, row) {
    if (act === "up" || act === "down") this.move(row, act === "up" ? -1 : 1);
    else if (act === "copy") this.copy(row);
    else if (act === "note") this.grid.editNote(row, this.grid.cell(row.dataset.line, "quantity").dataset.column);
    else this.grid.removeRow(row);
  }
}
