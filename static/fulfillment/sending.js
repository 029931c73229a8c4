// What the floor did is kept on the device until the server has it: sent in order, each with its own operation id.
const RETRY = 5000;
const PATIENCE = 10000;
const AGAIN = new Set(["in_flight", "busy"]);

const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

export class Sending {
  constructor(root, key, { done = () => {}, prepare = (fields) => fields } = {}) {
    [this.root, this.key, this.done, this.prepare] = [root, key, done, prepare];
    this.token = root.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    this.queue = this.stored();
    this.refused = [];
    this.busy = false;
    root.querySelector("[data-send-now]").addEventListener("click", () => this.flush());
    root.querySelector("[data-refused-seen]").addEventListener("click", () => location.reload());
    addEventListener("online", () => this.flush());
    setInterval(() => this.flush(), RETRY);
    this.show();
    this.flush();
  }

  stored() {
    try { return JSON.parse(localStorage.getItem(this.key)) ?? []; } catch { return []; }
  }

  keep() {
    if (this.queue.length) localStorage.setItem(this.key, JSON.stringify(this.queue));
    else localStorage.removeItem(this.key);
    this.show();
  }

  add(fields) {
    this.queue.push({ operation: newId(), fields, tried: false });
    this.keep();
    return this.flush();
  }

  // The last entry may still grow as long as nobody has tried to send it.
  last() {
    const entry = this.queue.at(-1);
    return entry && !entry.tried ? entry : null;
  }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.queue.length && (await this.send(this.queue[0]))) this.keep();
    } finally {
      this.busy = false;
      this.keep();
    }
  }

  async send(entry) {
    entry.tried = true;
    this.keep();
    const body = new URLSearchParams({ ...this.prepare(entry.fields), operation: entry.operation, csrfmiddlewaretoken: this.token });
    let answer;
    try {
      answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return this.wait("");
    }
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) return this.taken(entry, said);
    if (answer.status === 409 && AGAIN.has(said?.code)) return this.wait("");
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.signedOut();
    if (answer.status >= 500 || answer.status === 429) return this.wait("");
    return this.refuse(entry, said?.refused ?? `${answer.status}`);
  }

  taken(entry, said) {
    this.queue.shift();
    this.keep();
    this.done(said, entry);
    return true;
  }

  refuse(entry, text) {
    this.queue.shift();
    this.refused.push(text);
    this.keep();
    return true;
  }

  wait() { return false; }

  signedOut() {
    this.root.querySelector("[data-reload]").hidden = false;
    return false;
  }

  show() {
    const count = this.queue.length;
    const waiting = this.root.querySelector("[data-unsent]");
    waiting.hidden = !count || (this.busy && count === 1 && navigator.onLine);
    this.root.querySelector("[data-unsent-count]").textContent = count;
    const list = this.root.querySelector("[data-refused-list]");
    this.root.querySelector("[data-refused]").hidden = !this.refused.length;
    list.replaceChildren(...this.refused.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    for (const on of this.root.querySelectorAll("[data-go-on]")) {
      on.toggleAttribute("aria-disabled", count > 0);
      on.classList.toggle("wh-waits", count > 0);
    }
  }
}
