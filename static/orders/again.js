// The last order or the history in a dialog: what is ticked is entered with Enter.

export class Again {
  constructor(dialog, { words, enter }) {
    Object.assign(this, { dialog, words, enter });
    dialog.addEventListener("submit", (event) => this.take(event));
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("keydown", (event) => this.key(event));
  }

  async open(url) {
    this.dialog.textContent = this.words.loading;
    this.dialog.showModal();
    try {
      const response = await fetch(url);
      if (response.redirected || !response.ok) throw new Error(response.status);
      this.dialog.innerHTML = await response.text();
      (this.dialog.querySelector("[type=checkbox]:enabled") ?? this.dialog.querySelector("[data-close]")).focus();
    } catch {
      this.dialog.textContent = this.words.no_network;
    }
  }

  // Arrows move between the ticks, so that blank and Enter do the rest.
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const ticks = [...this.dialog.querySelectorAll("[type=checkbox]:not([disabled])")];
    if (!step || !ticks.length) return;
    event.preventDefault();
    ticks.at((ticks.indexOf(document.activeElement) + step) % ticks.length).focus();
  }

  take(event) {
    event.preventDefault();
    const entries = [...this.dialog.querySelectorAll(":checked")].map(({ value }) => value);
    this.dialog.close();
    this.enter(entries);
  }
}
