// Pasted rows are shown as they are understood; nothing is entered before Enter.

export class Paste {
  constructor(dialog, { urls, words, token, enter }) {
    Object.assign(this, { dialog, urls, words, token, enter });
    this.asked = 0; // the answer to an older question is thrown away
    dialog.addEventListener("submit", (event) => this.take(event));
    dialog.addEventListener("change", (event) => this.chosen(event.target));
    dialog.addEventListener("click", (event) => this.clicked(event));
  }

  open(text, decimal = null) {
    this.wish = { text, delimiter: null, header: null, roles: null, decimal, merge: false, listed: false, fixes: [] };
    this.tell(this.words.loading);
    if (!this.dialog.open) this.dialog.showModal();
    return this.look("[data-enter]");
  }

  // A workbook is read by the server, which knows its cells; text is read here, in whatever letters it was saved.
  async openFile(file) {
    if (!/\.xlsx$/i.test(file.name)) return this.open(decoded(await file.arrayBuffer()));
    this.tell(this.words.loading);
    this.dialog.showModal();
    const body = new FormData();
    body.append("file", file);
    const answer = await this.post(this.urls.pasteFile, body);
    if (answer.text === undefined) return this.tell(answer.message);
    return this.open(answer.text, ".");
  }

  async look(focus) {
    const question = ++this.asked;
    const answer = await this.post(this.urls.paste, JSON.stringify(this.wish));
    if (question !== this.asked || !this.dialog.open) return;
    if (!answer.html) return this.tell(answer.message);
    this.answer = answer;
    this.dialog.innerHTML = answer.html;
    (this.dialog.querySelector(focus) ?? this.dialog.querySelector("[data-enter]")).focus();
  }

  async post(url, body) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token() };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    try {
      const response = await fetch(url, { method: "POST", headers, body });
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      if (response.redirected || !isJson) return { message: response.status < 500 ? this.words.sign_in : this.words.failed };
      return await response.json();
    } catch {
      return { message: this.words.no_network };
    }
  }

  chosen(field) {
    const { wish } = field.dataset;
    if (["header", "merge", "listed"].includes(wish)) this.wish[wish] = field.checked;
    else if (wish) this.wish[wish] = field.value;
    if (wish === "delimiter" || wish === "header") Object.assign(this.wish, { roles: null, fixes: [] });
    if ("role" in field.dataset) {
      this.wish.roles = [...this.dialog.querySelectorAll("[data-role]")].map((select) => this.only(select, field));
    }
    const place = wish ? `[data-wish="${wish}"]` : "[data-role]";
    this.look(place);
  }

  // A role that was chosen for one column is given up by the column that had it.
  only(select, field) {
    return select !== field && select.value === field.value ? "" : select.value;
  }

  clicked(event) {
    const { target } = event;
    if (target.closest("[data-close]") || target === this.dialog) return this.dialog.close();
    const button = target.closest("[data-row]");
    if (!button) return;
    const { row } = button.dataset;
    const fix = this.wish.fixes.find((one) => one.row === row) ?? { row, code: "", quantity: "" };
    if (!this.wish.fixes.includes(fix)) this.wish.fixes.push(fix);
    if (button.dataset.code) fix.code = button.dataset.code;
    if (button.dataset.quantity) fix.quantity = button.dataset.quantity;
    this.look(`tr:has([data-row="${row}"]) ~ tr [data-row]`);
  }

  take(event) {
    event.preventDefault();
    if (!this.answer) return;
    const { rows, columns } = this.answer;
    this.answer = null;
    this.dialog.close();
    this.enter(rows);
    this.post(this.urls.pasteColumns, JSON.stringify(columns));
  }

  tell(message) {
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    told.textContent = message;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "doc-button is-calm";
    close.dataset.close = "";
    close.textContent = "Esc";
    this.dialog.replaceChildren(told, close);
    close.focus();
  }
}

function decoded(buffer) {
  const [first, second] = new Uint8Array(buffer);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(buffer);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer);
  } catch {
    return new TextDecoder("windows-1252").decode(buffer);
  }
}

// More than one row, or cells, and every file: looked at before anything is entered.
export function takeFrom(paste, { line, pad, file, choose }) {
  line.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/\t|\S\s*\n\s*\S/.test(text)) return;
    event.preventDefault();
    paste.open(text);
  });
  file.addEventListener("change", () => {
    if (file.files.length) paste.openFile(file.files[0]);
    file.value = "";
  });
  choose.addEventListener("click", () => file.click());
  pad.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  pad.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    paste.openFile(event.dataTransfer.files[0]);
  });
}
