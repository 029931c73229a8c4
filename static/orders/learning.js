// A code that nobody knew was edited into one that is known: the customer's number is offered to be remembered.

import { button } from "./button.js";

export class Learning {
  constructor(place, { url, words, token, skuOf, leave }) {
    Object.assign(this, { place, url, words, token, skuOf, leave });
    this.unknown = ""; // the code that is being put right in the line
    this.meant = new Map(); // by note of the line that takes its place
  }

  correcting(code) {
    this.unknown = this.url && code ? code : "";
  }

  entered(note) {
    if (this.unknown && note) this.meant.set(note, this.unknown);
    this.unknown = "";
  }

  added(notes, added) {
    notes.forEach((note, i) => {
      const code = this.meant.get(note);
      if (!code || !added[i]) return;
      this.meant.delete(note);
      this.offer(code, added[i]);
    });
  }

  offer(code, id) {
    const sku = this.skuOf(id);
    if (!sku) return;
    const row = document.createElement("p");
    const { words } = this;
    row.append(
      words.learn.replace("%(code)s", code).replace("%(sku)s", sku), " ",
      button(words.remember, () => this.remember(row, code, id)), " ",
      button(words.not_now, () => {
        row.remove();
        this.leave();
      }),
    );
    this.place.append(row);
  }

  async remember(row, code, id) {
    this.leave();
    try {
      const body = new URLSearchParams({ code, line: id, csrfmiddlewaretoken: this.token() });
      const response = await fetch(this.url, { method: "POST", body, headers: { Accept: "application/json" } });
      const { message } = await response.json();
      row.textContent = message ?? this.words.failed;
    } catch {
      row.append(" ", this.words.failed);
    }
  }
}
