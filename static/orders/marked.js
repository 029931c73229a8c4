// Rows that mean nothing yet. They stay below the lines with the reason, in this browser, until they are put right or
// removed; a reload does not lose them.

export class Marked {
  constructor(place, { key, words, button, row, add, putBack, leave }) {
    Object.assign(this, { place, key, words, button, row, add, putBack, leave });
    new MutationObserver(() => this.keep()).observe(place, { childList: true });
    for (const told of this.kept()) this.append(told);
  }

  get first() {
    return this.place.querySelector(".has-problem");
  }

  append(told) {
    const row = this.row("", told.text);
    this.place.append(row);
    this.mark(row, told);
  }

  mark(row, told) {
    const { text, message, unknown = "", instead = [] } = told;
    row.className = "has-problem";
    row.told = { text, message, unknown, instead };
    const reason = document.createElement("span");
    reason.className = "pad-problem";
    reason.setAttribute("role", "alert");
    reason.textContent = `▲ ${message}`;
    const away = (act) => () => {
      row.remove();
      act();
      this.leave();
    };
    const meant = instead.map(({ label, title, entry }) => {
      const choice = this.button(label, away(() => this.add(entry)));
      choice.title = title;
      return choice;
    });
    row.cells[1].replaceChildren(
      document.createTextNode(text), reason, ...meant,
      this.button(this.words.put_back, away(() => this.putBack(text, unknown))),
      this.button(this.words.remove, away(() => {})),
    );
    this.keep();
  }

  keep() {
    const told = [...this.place.querySelectorAll(".has-problem")].map((row) => row.told);
    try {
      if (told.length) localStorage.setItem(this.key, JSON.stringify(told));
      else localStorage.removeItem(this.key);
    } catch {
      // no storage: they live as long as this page
    }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || "[]");
    } catch {
      return [];
    }
  }
}
