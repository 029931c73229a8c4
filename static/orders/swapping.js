// A line once more, or another product in its place.

export class Swapping {
  constructor({ queue, grid, history, waiting, leave }) {
    Object.assign(this, { queue, grid, history, waiting, leave });
  }

  copy(op) {
    const [note] = this.history.added([op.text]);
    this.waiting.add(note, op.text);
    this.queue.add(op, note);
    return note;
  }

  // Another product takes the line's place, with its discount and its note. The line goes when that one is there; both
  // is one step.
  swap(id, text) {
    const { discount, note: remark } = this.grid.putBack(id);
    const note = this.copy({ op: "copy", below: id, text, discount, note: remark });
    const there = ({ detail: { batch } }) => {
      if (!batch.items.some((item) => item.note === note)) return;
      this.queue.removeEventListener("done", there);
      const op = { op: "remove", line: id };
      if (this.grid.going(id)) this.queue.add(op, this.history.didToo(note, op), this.grid.standing(op));
    };
    this.queue.addEventListener("done", there);
    this.leave();
  }
}
