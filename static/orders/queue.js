// What was typed and not yet saved: kept until the server has answered, and sent one batch at a time as it was typed.
// A batch has its id before it is kept. So it is done once, however often it is sent and from however many pages: when
// an answer was lost, when a page was loaded again, when a second page took over what the first one had not sent.

import { newId } from "./shelf.js";

const RETRY = 5000;
const MOST = 500;

export class Queue extends EventTarget {
  constructor({ url, shelf, revision, token }) {
    super();
    Object.assign(this, { url, shelf, revision, token });
    this.batches = shelf.takeOver(); // the first one is on its way, or was not answered
    this.busy = false;
    this.timer = 0;
  }

  get items() {
    return this.batches.flatMap(({ items }) => items);
  }

  get size() {
    return this.items.length;
  }

  // Whether something about this line is not saved yet.
  touches(line) {
    return this.items.some(({ op }) => op.line === line);
  }

  // `seen` is what stood in the place of the change when it was made.
  add(op, note = "", seen = null) {
    this.addAll([{ op, note, seen }]);
  }

  addAll(made) {
    for (let from = 0; from < made.length; from += MOST) {
      const items = made.slice(from, from + MOST).map((item, at) => ({ ...item, at }));
      this.batches.push({ id: newId(), items });
    }
    this.keep();
    this.send();
  }

  // The page was stale and shows now what is there: all is sent again but what people are asked about.
  resume(asked) {
    const isFree = (item) => !asked.includes(item);
    this.batches = this.batches.filter(({ items }) => items.some(isFree)).map((batch) => part(batch, batch.items.filter(isFree)));
    this.stopped = false;
    this.keep();
    this.send();
    if (!this.size) this.tell("saved");
  }

  // What is there could not be asked for: all again later.
  resumeLater() {
    this.stopped = false;
    this.later("offline");
  }

  async send() {
    clearTimeout(this.timer);
    if (this.busy || this.stopped || !this.size) return;
    this.busy = true;
    this.tell("saving");
    const answer = await this.post(this.batches[0]);
    this.busy = false;
    this.settle(answer);
  }

  async post({ id, items }) {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify({ id, revision: this.revision, ops: items.map(({ op }) => op) }),
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
      return this.later(typeof status === "number" ? "failed" : status);
    }
    if (body.code === "stale") { // all stays kept until somebody has looked at it
      this.stopped = true;
      return this.dispatch("stale", body);
    }
    const refused = this.batches.shift();
    if (body.code === "not_understood") this.sortOut(refused, body);
    else if (refused.items.length > 1) this.batches.unshift(...refused.items.map((item) => part(refused, [item])));
    else this.dispatch("refused", { ...body, batch: refused });
    this.keep();
    this.send();
  }

  later(state) {
    this.tell(state);
    this.timer = setTimeout(() => this.send(), RETRY);
  }

  done(body) {
    const batch = this.batches.shift();
    this.revision = body.revision;
    this.keep();
    this.dispatch("done", { body, batch });
    if (this.size) this.send();
    else this.tell("saved");
  }

  // Some operations mean nothing: they are shown with the reason, the others are sent again.
  sortOut(batch, { problems, unknown = {}, instead = {} }) {
    const good = batch.items.filter((_item, i) => !problems[i]);
    if (good.length) this.batches.unshift(part(batch, good));
    batch.items.forEach((item, i) => {
      if (!problems[i]) return;
      this.dispatch("refused", { code: "not_understood", message: problems[i], unknown: unknown[i], instead: instead[i], batch: part(batch, [item]) });
    });
    if (!this.size) this.tell("saved");
  }

  keep() {
    this.shelf.keep(this.batches);
  }

  tell(state) {
    this.dispatch("state", { state, size: this.size });
  }

  dispatch(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// Some operations of a batch, under an id that another page with the same batch would give them too.
function part({ id, items }, some) {
  const [whole] = id.split("-");
  return { id: some.length === items.length ? id : `${whole}-${some.length}-${some[0].at}`, items: some };
}
