// Scans are counted up into the lines of the order; what was counted stays on the device until it was received.
import { told, typedAsBase } from "../fulfillment/counted.js";
import { feedback } from "../fulfillment/feedback.js";
import { scanner } from "../fulfillment/scanner.js";

const root = document.querySelector("[data-floor]");
const form = root.querySelector("[data-receive-form]");

if (form) {
  const data = JSON.parse(document.getElementById("device").textContent);
  const words = root.dataset;
  const tell = feedback(root);
  const field = (line) => form.elements[`came-${line.line}`];
  const typed = (line) => typedAsBase(field(line).value, line.each) ?? 0;

  // A draft counts as long as nothing has been received since.
  const kept = () => {
    try {
      const draft = JSON.parse(localStorage.getItem(data.key));
      return draft?.received === data.received ? draft.came : {};
    } catch { return {}; }
  };
  const keep = () => {
    const came = Object.fromEntries(data.lines.map((line) => [line.line, field(line).value]).filter(([, text]) => text));
    localStorage.setItem(data.key, JSON.stringify({ received: data.received, came }));
  };

  const show = (line) => {
    const row = form.querySelector(`[data-line="${line.line}"]`);
    row.toggleAttribute("data-full", typed(line) >= line.due);
  };

  const count = (line, each) => {
    field(line).value = told(typed(line) + each, line.each);
    keep();
    show(line);
    form.querySelector(`[data-line="${line.line}"]`).scrollIntoView({ block: "nearest" });
    tell(typed(line) >= line.due ? "done" : "good", `${words.counted}: ${line.sku} ${field(line).value} ${words.of} ${told(line.due, line.each)}`);
  };

  const scanned = (code) => {
    const known = data.lines.filter((line) => code in line.codes || code.toUpperCase() in line.codes);
    if (!known.length) return tell("bad", `${words.wrong}: ${words.scanned} ${code}, ${words.notHere}`);
    const each = known[0].codes[code] ?? known[0].codes[code.toUpperCase()];
    const line = known.find((one) => typed(one) + each <= one.due) ?? known.find((one) => typed(one) + each <= one.most);
    return line ? count(line, each) : tell("warn", words.tooMany);
  };

  root.querySelector("[data-scan-box]").hidden = false;
  const scan = root.querySelector("[data-scan]");
  const back = scanner(scan, scanned);

  // Enter in a number ends the number, or a scan that went astray; it never sends the form.
  for (const line of data.lines) {
    const box = field(line);
    let before = "";
    box.addEventListener("focus", () => { before = box.value; box.select(); });
    box.addEventListener("change", () => { keep(); show(line); });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const text = box.value.trim();
      const astray = text && (!/^\d+([.,]\d+)?$/.test(text) || data.lines.some((one) => text in one.codes && text.length >= 8));
      if (astray) box.value = before;
      keep();
      show(line);
      scan.focus({ preventScroll: true });
      if (astray) scanned(text);
    });
  }
  form.querySelector("[name=delivery_note]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    scan.focus({ preventScroll: true });
  });

  for (const [line, text] of Object.entries(kept())) {
    const box = form.elements[`came-${line}`];
    if (box && !box.value) box.value = text;
  }
  data.lines.forEach(show);
  back();
}
