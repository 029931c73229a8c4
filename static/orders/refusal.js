// What kept a draft from going on is read first. Each problem leads to the place where it is put right, Enter to that of
// the first; Escape leads to the line.

export class Refusal {
  constructor(box, { find, leave }) {
    this.box = box;
    for (const item of box.querySelectorAll("[data-at]")) this.lead(item, find);
    box.addEventListener("keydown", (event) => this.pressed(event, leave));
  }

  // The place is looked for when it is asked for: lines come and go.
  lead(item, find) {
    if (!find(item.dataset.at)) return;
    const leads = document.createElement("button");
    leads.type = "button";
    leads.textContent = item.textContent;
    leads.addEventListener("click", () => find(item.dataset.at)?.focus());
    item.replaceChildren(leads);
  }

  pressed(event, leave) {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && event.target === this.box) {
      event.preventDefault();
      this.box.querySelector("button")?.click();
    }
  }
}
