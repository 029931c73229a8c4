// Where two people wanted different things: theirs stands, and for each place people choose whether ours is made still.

export class Clashes {
  constructor(box, { grid, header, words, button, standing, make, drop, leave }) {
    Object.assign(this, { box, grid, header, words, button, standing, make, drop, leave });
  }

  tell(message, kept) {
    const text = document.createElement("p");
    text.textContent = message;
    this.box.replaceChildren(text, ...(kept.length ? kept.map((one) => this.ask(one)) : [this.button("✕", () => this.close())]));
    this.box.hidden = false;
  }

  close() {
    this.box.hidden = true;
    this.leave();
  }

  ask({ op, note }) {
    const place = document.createElement("p");
    const there = this.standing(op);
    const settle = (act) => {
      act();
      place.remove();
      if (!this.box.querySelector("button")) this.close();
    };
    const mine = this.button(this.words.mine, () => settle(() => this.make(op, note)));
    const theirs = this.button(this.words.theirs, () => settle(() => this.drop(note)));
    place.append(this.told(op, there), " ", ...(op.line && there === null ? [] : [mine, " "]), theirs);
    return place;
  }

  told(op, there) {
    if (op.line && there === null) return this.words.unknown;
    const row = this.grid.rows.querySelector(`[data-line="${op.line}"]`);
    const line = row && `${row.dataset.position} ${row.querySelector(".sku").textContent}`;
    const now = there === null ? "" : `${this.words.now} ${this.readable(op, there)},`;
    const yours = op.op === "remove" ? this.words.remove : this.readable(op, op.text ?? String(op.position));
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
