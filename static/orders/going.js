// From the draft on: only when nothing waits to be saved, to be put right or to be chosen. What was typed last goes with it.

export class Going {
  constructor(form, { queue, marked, clashes, saved, words, typedLast }) {
    Object.assign(this, { form, queue, marked, clashes, saved, words, typedLast });
    this.waits = false; // to go on as soon as everything is saved
    form.addEventListener("submit", (event) => this.isHeldUp() && event.preventDefault());
    document.addEventListener("keydown", (event) => this.pressed(event));
    window.addEventListener("beforeunload", (event) => (queue.size || clashes.first) && event.preventDefault());
  }

  isHeldUp() {
    const { marked, clashes, queue, words } = this;
    if (marked.first) this.stopAt(words.marked, marked.first.querySelector("button"));
    else if (clashes.first) this.stopAt(words.clashing, clashes.first);
    else if (queue.size) {
      this.waits = true;
      this.saved.textContent = words.waits;
      queue.send();
    } else return false;
    return true;
  }

  stopAt(told, button) {
    this.saved.textContent = told;
    button.focus();
  }

  pressed(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !this.form.querySelector("button:not([type])")) return;
    event.preventDefault();
    this.typedLast();
    this.form.requestSubmit();
  }

  allSaved() {
    if (this.waits) this.form.requestSubmit();
  }

  stop() {
    this.waits = false;
  }
}
