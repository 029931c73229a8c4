// The keys of the pad: chords, the page that shows them all, and `?`, which opens it. On a Mac, Option types characters.

const isMac = /^Mac/.test(navigator.platform);

export class Keys {
  constructor(dialog, { line, chords }) {
    Object.assign(this, { dialog, line, chords });
    dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest("[data-close]")) && dialog.close());
    dialog.addEventListener("close", () => line.focus());
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  show() {
    this.dialog.showModal();
  }

  pressed(event) {
    if (document.querySelector("dialog[open]")) return;
    const alt = (event.altKey || (isMac && event.ctrlKey)) && !event.shiftKey;
    const act = this.chords[alt && event.code];
    if (!act && !(event.key === "?" && this.isFree(event.target))) return;
    event.preventDefault();
    if (act) act();
    else this.show();
  }

  isFree(target) {
    return target === this.line ? !this.line.value : !target.closest("input, textarea, select");
  }
}
