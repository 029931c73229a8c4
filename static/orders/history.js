// Undo and redo: for each step what takes it back and what makes it again, as operations that are sent like any other.
// A line that was put back has a new id; steps know it by the one it had, or by the note it was added with.

const MOST = 100;

export class History {
  constructor({ here, putBack }) {
    Object.assign(this, { here, putBack });
    this.past = [];
    this.future = [];
    this.ids = new Map(); // by note or by former id
    this.expected = new Map(); // by note: what the line was before
    this.count = 0;
  }

  note() {
    return `n${Date.now()}-${(this.count += 1)}`;
  }

  // Remember a step; return the note under which it is sent.
  did(back, forth, note = this.note()) {
    this.past.push({ notes: [note], back, forth });
    if (this.past.length > MOST) this.past.shift();
    this.future = [];
    return note;
  }

  // Lines that were added together are taken back together.
  added(texts) {
    const notes = texts.map(() => this.note());
    if (!notes.length) return notes;
    const back = notes.map((note) => ({ op: "remove", line: note }));
    this.did(back, notes.map((note, i) => ({ op: "add", text: texts[i], as: note })));
    this.past.at(-1).notes = notes;
    return notes;
  }

  // A line that was copied goes again, and comes again as it then stood.
  copied(op) {
    const note = this.note();
    return this.did([{ op: "remove", line: note }], [{ ...op, as: note }], note);
  }

  undo() {
    return this.turn(this.past, this.future, "back", "forth");
  }

  redo() {
    return this.turn(this.future, this.past, "forth", "back");
  }

  turn(from, to, way, other) {
    while (from.length) {
      const step = from.pop();
      const ops = step[way].map((op) => this.now(op)).filter(Boolean);
      if (!ops.length) continue; // its lines are gone: the step before it is meant
      // A line that goes now comes back as it stands, not as it was typed.
      const again = step[way].map((op, i) => [op, this.now(op), step[other][i]])
        .map(([op, real, kept]) => (op.op === "remove" && real ? { ...this.putBack(real.line), as: op.line } : kept));
      to.push({ ...step, [other]: again.filter(Boolean) });
      return ops;
    }
    return [];
  }

  // The operation with the line's id of today; nothing when the line is gone.
  now(op) {
    if (op.line === undefined) return op;
    const line = this.idOf(op.line);
    return this.here(line) ? { ...op, line } : null;
  }

  idOf(known) {
    let id = known;
    while (this.ids.has(id)) id = this.ids.get(id);
    return id;
  }

  // A line that is sent again will be the one that `as` was.
  expect(as) {
    const note = this.note();
    if (as !== undefined) this.expected.set(note, as);
    return note;
  }

  isThere(note, id) {
    const before = this.expected.get(note);
    this.expected.delete(note);
    if (before === undefined) this.ids.set(note, id);
    else this.ids.set(this.idOf(before), id);
  }

  // What an agreement could not give of a line is a line of its own, and goes when that one is taken back.
  alsoThere(note, ids) {
    const step = this.past.find(({ notes, back }) => notes.includes(note) && back.some(({ line }) => line === note));
    step?.back.push(...ids.map((id) => ({ op: "remove", line: id })));
  }

  // What was refused never happened.
  forget(note) {
    for (const step of this.past) step.notes = step.notes.filter((one) => one !== note);
    this.past = this.past.filter((step) => step.notes.length);
  }
}
