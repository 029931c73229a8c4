// Undo and redo: for each step the operations that take it back, which are sent like any other. As they are sent, what
// stands there now becomes the step that makes it again. A line that was put back has a new id; steps know it by the one
// it had, or by the note it was added with.

const MOST = 100;

export class History {
  constructor(grid, header) {
    Object.assign(this, { grid, header });
    this.past = [];
    this.future = [];
    this.ids = new Map(); // by note or by former id
    this.expected = new Map(); // by note: what the line was before
    this.count = 0;
  }

  note() {
    return `n${Date.now()}-${(this.count += 1)}`;
  }

  // Remember what takes an operation back; return the note under which it is sent.
  did(op, ops = this.inverse(op)) {
    const note = this.note();
    this.step([note], ops);
    return note;
  }

  step(notes, ops) {
    this.past.push({ notes, ops });
    if (this.past.length > MOST) this.past.shift();
    this.future = [];
  }

  // What takes an operation back: what stands there before it is made.
  inverse(op) {
    const { grid, header } = this;
    if (op.op === "remove") return [{ ...grid.putBack(op.line), as: op.line }];
    if (op.op === "change") return grid.asBefore(op.line, op.column);
    if (op.op === "move") return [{ ...op, position: Number(grid.row(op.line).dataset.position) }];
    if (op.op === "header") return [{ ...op, text: header.saved[op.column] }];
    return [{ op: "remove", line: op.as }];
  }

  // Lines that were added together are taken back together.
  added(texts) {
    const notes = texts.map(() => this.note());
    if (notes.length) this.step(notes, notes.map((note) => ({ op: "remove", line: note })));
    return notes;
  }

  undo() {
    return this.turn(this.past, this.future);
  }

  redo() {
    return this.turn(this.future, this.past);
  }

  // The operations to be sent, each with its note; none when there is nothing left to turn.
  turn(from, to) {
    while (from.length) {
      const ops = from.pop().ops.map((op) => this.now(op)).filter(Boolean);
      if (!ops.length) continue; // its lines are gone: the step before it is meant
      const back = ops.flatMap((op) => this.inverse(op));
      const sent = ops.map(({ as, ...op }) => ({ op, note: this.expect(as) }));
      to.push({ notes: sent.map(({ note }) => note), ops: back });
      return sent;
    }
    return [];
  }

  // The operation with the line's id of today; nothing when the line is gone.
  now(op) {
    if (op.line === undefined) return op;
    const line = this.idOf(op.line);
    return this.grid.row(line) ? { ...op, line } : null;
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

  // What was sent under the note had more to it, which goes back with it.
  also(note, ops) {
    this.stepOf(note)?.ops.push(...ops);
  }

  // Another operation of the same step; return its note.
  didToo(note, op) {
    const its = this.note();
    this.also(note, this.inverse(op));
    this.stepOf(note)?.notes.push(its);
    return its;
  }

  stepOf(note) {
    return [...this.past, ...this.future].find(({ notes }) => notes.includes(note));
  }

  // What was refused never happened.
  forget(note) {
    for (const step of [...this.past, ...this.future]) step.notes = step.notes.filter((one) => one !== note);
    this.past = this.past.filter(({ notes }) => notes.length);
    this.future = this.future.filter(({ notes }) => notes.length);
  }
}
