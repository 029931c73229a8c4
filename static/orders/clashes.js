// Where two people wanted different things: theirs stands, and for each place people choose whether ours is made still.
// A question stays until it is answered, after a reload too; what is told besides it does not push it away.

import { button } from "./button.js";

export class Clashes {
  constructor(box, { shelf, grid, header, words, standing, make, drop, leave }) {
    Object.assign(this, { box, shelf, grid, header, words, standing, make, drop, leave });
    this.said = document.createElement("p");
    this.places = document.createElement("div");
    box.append(this.said, this.places);
    this.open = []; // the questions
  }

  get first() {
    return this.places.querySelector("button:not([hidden])");
  }

  tell(message) {
    this.said.replaceChildren(message);
    if (!this.open.length) this.said.append(" ", button("✕", () => this.close()));
    this.box.hidden = false;
  }

  // Each item is an operation that was not made, with its note. The newest wish for a place is the one that is asked for.
  ask(message, items) {
    for (const item of items) {
      const older = this.open.find(({ op }) => isSamePlace(op, item.op));
      if (older) {
        this.answered(older);
        this.drop(older.note);
      }
      const question = this.question(item);
      this.open.push(question);
      this.places.append(question.place);
      this.draw(question);
    }
    this.keep();
    this.tell(message);
  }

  // What an earlier page asked. Where theirs is what one wants, by now, there is nothing left to choose.
  askAgain(message) {
    const kept = this.shelf.takeOver().filter(({ op }) => this.standing(op) !== wanted(op));
    if (kept.length) this.ask(message, kept);
    else this.keep();
  }

  close() {
    this.box.hidden = true;
    this.leave();
  }

  // Something may stand there by now that did not when it was asked. Where that is ours there is nothing left to choose.
  redraw() {
    if (!this.open.length) return;
    const hadFocus = this.box.contains(document.activeElement);
    for (const question of this.open.filter(({ op }) => this.standing(op) === wanted(op))) {
      this.answered(question);
      this.drop(question.note);
    }
    this.keep();
    this.open.forEach((question) => this.draw(question));
    if (!this.open.length) this.box.hidden = true;
    if (hadFocus && !this.box.contains(document.activeElement)) this.goOn();
  }

  question(item) {
    const { op, note } = item;
    const question = { ...item, place: document.createElement("p"), text: document.createElement("span") };
    const settle = (act) => {
      this.answered(question);
      this.keep();
      act();
      this.goOn();
    };
    question.mine = button(this.words.mine, () => settle(() => this.make(op, note)));
    const theirs = button(this.words.theirs, () => settle(() => this.drop(note)));
    question.place.append(question.text, " ", question.mine, " ", theirs);
    return question;
  }

  // The buttons stay: one of them may have the focus.
  draw({ op, text, mine, place }) {
    const there = this.standing(op);
    const isGone = Boolean(op.line) && there === null;
    text.textContent = this.told(op, there);
    if (isGone && document.activeElement === mine) place.lastElementChild.focus();
    mine.hidden = isGone;
  }

  goOn() {
    if (this.open.length) this.first.focus();
    else this.close();
  }

  answered(question) {
    question.place.remove();
    this.open.splice(this.open.indexOf(question), 1);
  }

  keep() {
    this.shelf.keep(this.open.map(({ op, note, seen }) => ({ op, note, seen })));
  }

  told(op, there) {
    if (op.line && there === null) return this.words.unknown;
    const row = this.grid.row(op.line);
    const line = row && `${row.dataset.position} ${row.querySelector(".sku").textContent}`;
    const now = there === null ? "" : `${this.words.now} ${this.readable(op, there)},`;
    const yours = op.op === "remove" ? this.words.remove : this.readable(op, wanted(op));
    return [[line, this.label(op)].filter(Boolean).join(", "), now, this.words.yours, yours].filter(Boolean).join(" ");
  }

  label(op) {
    if (op.op === "move") return "#";
    if (op.column === "note") return this.grid.table.dataset.note;
    return this.grid.cell(op.line, op.column)?.dataset.label ?? this.header.label(op.column);
  }

  readable(op, value) {
    return (op.op === "header" && this.header.readable(op.column, value)) || value || "–";
  }
}

function isSamePlace(a, b) {
  return a.op === b.op && a.line === b.line && a.column === b.column;
}

// What stands there once it is made; null for a line that is removed.
function wanted({ op, text, position }) {
  return op === "remove" ? null : (text ?? String(position));
}
