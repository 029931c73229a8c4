// Rows that mean nothing yet. They stay below the lines with the reason, in this browser, until they are put right or
// removed; a reload does not lose them.

import { button } from "./button.js";

export class Marked {
  constructor(place, { shelf, words, row, add, putBack, above, leave }) {
    Object.assign(this, { place, shelf, words, row, add, putBack, above, leave });
    place.addEventListener("keydown", (event) => this.pressed(event) && event.preventDefault());
    new MutationObserver(() => this.keep()).observe(place, { childList: true });
    for (const told of shelf.takeOver()) this.append(told);
  }

  get first() {
    return this.place.querySelector(".has-problem");
  }

  focusLast() {
    const buttons = this.place.querySelector(".has-problem:last-of-type")?.querySelectorAll("button");
    buttons?.[0].focus();
    return Boolean(buttons);
  }

  // Arrows move among what can be done about the rows, from the line up to the lines above; Escape goes back to it.
  pressed({ key, target }) {
    const row = target.closest(".has-problem");
    const buttons = [...(row?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(target);
    if (at < 0) return false;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      buttons[at + (key === "ArrowLeft" ? -1 : 1)]?.focus();
    } else if (key === "ArrowUp" || key === "ArrowDown") {
      const next = (key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling)?.querySelector("button");
      if (next) next.focus();
      else if (key === "ArrowUp") this.above();
      else this.leave();
    } else if (key === "Escape") this.leave();
    else return false;
    return true;
  }

  append(told) {
    const row = this.row(told.text);
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
      const choice = button(label, away(() => this.add(entry)));
      if (title) choice.append(Object.assign(document.createElement("small"), { textContent: ` ${title}` }));
      return choice;
    });
    row.cells[1].replaceChildren(
      document.createTextNode(text), reason, ...meant,
      button(this.words.put_back, away(() => this.putBack(text, unknown))),
      button(this.words.remove, away(() => {})),
    );
    row.scrollIntoView({ block: "nearest" }); // above the line being typed, which covers the end of the page
    this.keep();
  }

  keep() {
    this.shelf.keep([...this.place.querySelectorAll(".has-problem")].map((row) => row.told));
  }
}
