// What was typed and not yet saved: kept here until the server has answered, sent one batch at a time.
// A batch keeps its id, so that a batch whose answer was lost is not done twice.

const RETRY = 5000;
const MOST = 500;

export class Queue extends EventTarget {
  constructor({ url, key, revision, token }) {
    super();
    Object.assign(this, { url, key, revision, token });
    this.waiting = []; // operations that no batch has taken
    this.batch = null; // the batch that is on its way or was not answered
    this.busy = false;
    this.timer = 0;
    this.restore();
  }

  get size() {
    return this.waiting.length + (this.batch ? this.batch.ops.length : 0);
  }

  // Whether something about this line is not saved yet.
  touches(line) {
    return [...(this.batch?.ops ?? []), ...this.waiting.map(({ op }) => op)].some((op) => op.line === line);
  }

  // `seen` is what stood in the place of the change when it was made.
  add(op, note = "", seen = null) {
    this.addAll([{ op, note, seen }]);
  }

  addAll(made) {
    this.waiting.push(...made);
    this.keep();
    this.send();
  }

  async send() {
    clearTimeout(this.timer);
    if (this.busy || this.stopped || !this.size) return;
    this.batch ??= this.take();
    this.busy = true;
    this.tell("saving");
    const answer = await this.post(this.batch);
    this.busy = false;
    this.settle(answer);
  }

  take() {
    const taken = this.waiting.splice(0, MOST);
    return {
      id: newId(),
      revision: this.revision,
      ops: taken.map(({ op }) => op),
      notes: taken.map(({ note }) => note),
      seen: taken.map(({ seen }) => seen),
    };
  }

  async post({ id, revision, ops }) {
    this.keep();
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify({ id, revision, ops }),
      });
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      if (response.redirected || (!isJson && response.status < 500)) return { status: "signed-out" };
      return { status: response.status, body: isJson ? await response.json() : {} };
    } catch {
      return { status: "offline" };
    }
  }

  settle({ status, body }) {
    if (status === 200) return this.done(body);
    if (status === "offline" || status === "signed-out" || status >= 500 || body.code === "in_flight") {
      this.tell(typeof status === "number" ? "failed" : status);
      this.timer = setTimeout(() => this.send(), RETRY);
      return;
    }
    const refused = this.batch;
    this.batch = null;
    this.keep();
    if (body.code === "not_understood") this.sortOut(refused, body);
    else if (body.code !== "stale" && refused.ops.length > 1) this.split(refused);
    else this.dispatch("refused", { ...body, batch: refused });
    this.send();
  }

  done(body) {
    const batch = this.batch;
    this.batch = null;
    this.revision = body.revision;
    this.keep();
    this.dispatch("done", { body, batch });
    if (this.size) this.send();
    else this.tell("saved");
  }

  // Some operations mean nothing: they are shown with the reason, the others are sent again.
  sortOut(batch, { problems, unknown = {}, instead = {} }) {
    const good = [];
    batch.ops.forEach((op, i) => {
      if (problems[i]) {
        this.dispatch("refused", { code: "not_understood", message: problems[i], unknown: unknown[i], instead: instead[i], batch: one(batch, i) });
      } else {
        good.push(item(batch, i));
      }
    });
    this.waiting.unshift(...good);
    this.keep();
    if (!this.size) this.tell("saved");
  }

  // A batch was refused as a whole: each operation is sent alone, so that only the guilty one is shown.
  split(batch) {
    this.waiting.unshift(...items(batch).slice(1));
    this.batch = { ...one(batch, 0), id: newId(), revision: this.revision };
    this.keep();
  }

  keep() {
    try {
      if (this.size) {
        localStorage.setItem(this.key, JSON.stringify({ batch: this.batch, waiting: this.waiting }));
      } else {
        localStorage.removeItem(this.key);
      }
    } catch {
      // no storage: what is unsaved lives as long as this page
    }
  }

  restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) || "null");
      if (kept) Object.assign(this, { batch: kept.batch, waiting: kept.waiting });
    } catch {
      localStorage.removeItem(this.key);
    }
  }

  tell(state) {
    this.dispatch("state", { state, size: this.size });
  }

  dispatch(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function one(batch, index) {
  return { ...batch, ops: [batch.ops[index]], notes: [batch.notes[index]], seen: [batch.seen?.[index] ?? null] };
}

function item(batch, index) {
  return { op: batch.ops[index], note: batch.notes[index], seen: batch.seen?.[index] ?? null };
}

export function items(batch) {
  return batch.ops.map((_op, i) => item(batch, i));
}

// crypto.randomUUID is there over https and on localhost only.
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
