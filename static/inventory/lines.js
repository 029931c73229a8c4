// What is scanned counts up its line, never above what the line may have; what is typed stays.
import { told, typedAsBase } from "../fulfillment/counted.js";
import { feedback } from "../fulfillment/feedback.js";
import { scanner } from "../fulfillment/scanner.js";

const root = document.querySelector("[data-hand]");
const { codes, most, each } = JSON.parse(document.getElementById("device").textContent);
const words = root.dataset;
const tell = feedback(root);

const rowOf = (line) => root.querySelector(`[data-line="${line}"]`);

const mark = (row) => {
  for (const one of root.querySelectorAll("[data-now]")) delete one.dataset.now;
  row.dataset.now = "";
  row.scrollIntoView({ block: "nearest" });
};

const scanned = (code) => {
  const found = codes[code] ?? codes[code.toUpperCase()];
  if (!found) return tell("bad", `${code} ${words.unknown}`);
  const [line, base] = found;
  const row = rowOf(line);
  const field = row.querySelector("[data-quantity]");
  const before = typedAsBase(field.value, each[line]) ?? 0;
  const after = before + base;
  const of = (units) => `${code} ${told(units, each[line])}/${told(most[line], each[line])}`;
  mark(row);
  if (after > most[line]) return tell("warn", `${words.tooMany}: ${of(before)}`);
  field.value = told(after, each[line]);
  return tell(after === most[line] ? "done" : "good", `${words.counted}: ${of(after)}`);
};

root.querySelector("[data-scan-box]").hidden = false;
scanner(root.querySelector("[data-scan]"), scanned);
