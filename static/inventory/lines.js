// What is scanned counts up its line, never above what the line may have; what is typed stays.
import { feedback } from "../fulfillment/feedback.js";
import { scanner } from "../fulfillment/scanner.js";

const root = document.querySelector("[data-hand]");
const { codes, most } = JSON.parse(document.getElementById("device").textContent);
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
  const [line, each] = found;
  const row = rowOf(line);
  const field = row.querySelector("input");
  const before = /^\d+$/.test(field.value.trim()) ? Number(field.value) : 0;
  mark(row);
  if (before + each > most[line]) return tell("warn", `${words.tooMany}: ${code} ${before}/${most[line]}`);
  field.value = before + each;
  return tell(before + each === most[line] ? "done" : "good", `${words.counted}: ${code} ${before + each}/${most[line]}`);
};

root.querySelector("[data-scan-box]").hidden = false;
scanner(root.querySelector("[data-scan]"), scanned);
