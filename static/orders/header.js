// What stands above the lines: each field is sent as it is left, and shows what is saved.

export class Header {
  constructor(form, { change, leave }) {
    this.form = form;
    this.saved = Object.fromEntries([...form.elements].map(({ name, value }) => [name, value]));
    form.addEventListener("change", ({ target }) => target.name && change(target.name, target.value, this.saved[target.name]));
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

  // As if it had been chosen there.
  put(name, value) {
    const field = this.field(name);
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What the server says; whoever is in a field goes on there.
  show(values) {
    this.saved = values;
    for (const field of this.form.elements) {
      if (field !== document.activeElement && field.name in values) field.value = values[field.name];
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
