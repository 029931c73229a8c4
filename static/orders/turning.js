// Taking back and making again, by Ctrl+Z and Ctrl+Y or by a word in the line, once everything is saved.

export class Turning {
  constructor(history, { queue, grid, line, saved, words, standing }) {
    Object.assign(this, { history, queue, grid, line, saved, words, standing });
    this.waiting = ""; // the way that waits until everything is saved
    this.told = ""; // what was taken back or made again, told when that is saved
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  turn(way) {
    if (this.queue.size) {
      this.waiting = way;
      this.queue.send();
      return;
    }
    this.waiting = "";
    const isUndo = way === "undo";
    const sent = this.history[way]();
    if (!sent.length) {
      this.saved.textContent = isUndo ? this.words.nothing_undone : this.words.nothing_redone;
      return;
    }
    this.told = `${isUndo ? this.words.undone : this.words.redone} ${this.readable(sent.map(({ op }) => op))}`;
    this.queue.addAll(sent.map(({ op, note }) => ({ op, note, seen: this.standing(op) })));
  }

  tell() {
    if (this.told) this.saved.textContent = `${this.saved.textContent} · ${this.told}`;
    this.told = "";
  }

  goOn() {
    if (this.waiting) this.turn(this.waiting);
  }

  readable(ops) {
    const shown = ops.slice(0, 3).map(({ text, line: id }) =>
      text || this.grid.row(id)?.dataset.entry || "–");
    return shown.join(", ") + (ops.length > 3 ? ` … (${ops.length})` : "");
  }

  pressed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const way = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : "";
    const field = event.target.closest("input, textarea, select");
    if (!way || (field && (field !== this.line || this.line.value))) return; // the field takes back what was typed in it
    event.preventDefault();
    this.turn(way);
  }
}
