// What stands above the lines: each field is sent as it is left, and shows what is saved.

export class Header {
  constructor(form, { change, leave }) {
    this.form = form;
    this.saved = Object.fromEntries([...form.elements].map(({ name, value }) => [name, value]));
    this.outdated = ""; // the field that somebody else has changed while one was in it
    form.addEventListener("change", ({ target: { name, value } }) => name && change(name, value, this.saved[name], this.outdated === name));
    form.addEventListener("focusin", () => (this.outdated = ""));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", ({ key }) => key === "Escape" && leave());
  }

  get isActive() {
    return this.form.contains(document.activeElement);
  }

  field(name) {
    return this.form.elements[name];
  }

  focus() {
    [...this.form.elements].find(({ type, readOnly }) => type !== "hidden" && !readOnly).focus();
  }

  // Show another value; nobody is told.
  put(name, value) {
    this.field(name).value = value;
  }

  // As if it had been chosen there.
  choose(name, value) {
    this.put(name, value);
    this.field(name).dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What the server says; whoever is in a field goes on there.
  show(values) {
    const { name } = this.isActive ? document.activeElement : {};
    if (name in values && values[name] !== this.saved[name]) this.outdated = name;
    this.saved = values;
    for (const field of this.form.elements) {
      if (field.name !== name && field.name in values) field.value = values[field.name];
    }
  }

  took(ops) {
    ops.forEach((op) => op.op === "header" && (this.saved[op.column] = op.text));
  }

  label(name) {
    return this.field(name)?.labels[0].textContent.trim();
  }

  // A choice is shown by its words.
  readable(name, value) {
    return [...(this.field(name)?.options ?? [])].find((option) => option.value === value)?.text;
  }
}
