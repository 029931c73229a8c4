// Asks now and then how far a piece of work is, and opens the page again once its status is another.

const EVERY = 1000, ANNOUNCED = 25;

class Progress {
  constructor(place) {
    this.place = place;
    this.bar = place.querySelector("progress");
    this.text = place.querySelector("[data-text]");
    this.aloud = place.querySelector("[data-aloud]");
    this.quarter = 0;
  }

  async ask() {
    try {
      const response = await fetch(this.place.dataset.progress, { headers: { Accept: "application/json" } });
      if (response.redirected || !response.ok) return;
      this.show(await response.json());
    } catch {
      // the network comes back, and the next turn asks again
    }
  }

  show(found) {
    if (found.status !== this.place.dataset.status) {
      location.reload();
      return;
    }
    this.text.textContent = found.text;
    if (!found.total) {
      this.bar.removeAttribute("value");
      return;
    }
    this.bar.max = found.total;
    this.bar.value = found.done;
    this.announce(Math.floor((100 * found.done) / found.total / ANNOUNCED), found.text);
  }

  announce(quarter, text) {
    if (quarter !== this.quarter) this.aloud.textContent = text;
    this.quarter = quarter;
  }
}

for (const place of document.querySelectorAll("[data-progress]")) {
  const progress = new Progress(place);
  setInterval(() => document.hidden || progress.ask(), EVERY);
}
