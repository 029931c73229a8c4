// What was typed as a line stands below the lines, as it was typed, until the server has answered.

export class Waiting {
  constructor(rows) {
    this.rows = rows;
  }

  add(note, text) {
    this.rows.append(this.row(note, text));
  }

  row(note, text) {
    const row = document.createElement("tr");
    row.dataset.note = note;
    row.className = "is-saving";
    row.insertCell().textContent = "…";
    const cell = row.insertCell();
    cell.colSpan = 9;
    cell.textContent = text;
    return row;
  }

  of(note) {
    return note && this.rows.querySelector(`[data-note="${note}"]`);
  }

  drop(note) {
    this.of(note)?.remove();
  }
}
