// The availability panel: Alt+A opens it for a line, one key does what it offers, Escape leaves everything as it is.

export class Panel {
  constructor(dialog, { url, words, act }) {
    Object.assign(this, { dialog, url, words, act });
    this.asked = 0; // the answer to an older question is thrown away
    dialog.addEventListener("click", (event) => this.click(event));
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("close", () => this.back?.isConnected && this.back.focus());
  }

  async open(line) {
    const question = ++this.asked;
    this.line = line;
    this.back = document.activeElement;
    this.show(this.text(this.words.loading));
    if (!this.dialog.open) this.dialog.showModal();
    const shown = await this.fetch(line);
    if (question === this.asked && this.dialog.open) this.show(shown);
  }

  async fetch(line) {
    try {
      const response = await fetch(`${this.url}?line=${line}`);
      if (response.redirected) return this.text(this.words.sign_in);
      if (!response.ok) return this.text(this.words.unknown);
      const template = document.createElement("template");
      template.innerHTML = await response.text();
      return template.content;
    } catch {
      return this.text(this.words.no_network);
    }
  }

  show(content) {
    this.dialog.replaceChildren(content);
    (this.dialog.querySelector(".panel-foot [data-close]") ?? this.dialog.querySelector("[data-close]")).focus();
  }

  text(message) {
    const content = document.createDocumentFragment();
    const told = content.appendChild(document.createElement("p"));
    told.setAttribute("role", "status");
    told.textContent = message;
    const close = content.appendChild(document.createElement("button"));
    close.type = "button";
    close.className = "doc-button is-calm";
    close.dataset.close = "";
    close.textContent = "Esc";
    return content;
  }

  click(event) {
    const button = event.target.closest("[data-act], [data-close]");
    if (!button && event.target !== this.dialog) return;
    this.dialog.close();
    if (button?.dataset.act) this.act(this.line, button.dataset.act, button.dataset.value);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
    const button = this.dialog.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  }
}
