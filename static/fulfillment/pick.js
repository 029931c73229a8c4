// Scans are judged here against the loaded stops; each finished stop is sent once and kept until it is.
import { told, typedAsBase } from "./counted.js";
import { feedback } from "./feedback.js";
import { scanner } from "./scanner.js";
import { Sending } from "./sending.js";

const root = document.querySelector("[data-floor]");
const data = JSON.parse(document.getElementById("device").textContent);
const words = root.dataset;
const at = (name) => root.querySelector(`[data-${name}]`);
const tell = feedback(root);
const form = at("pick-form");

let stops = data.stops.map((stop) => ({ ...stop, counted: 0 }));
let total = data.done + stops.length;
let openBin = "";
let current = null;

// What is counted into an open stop stays on the device until the stop is sent; `left` tells whether it is still the same stop.
const countsKey = data.key.replace("oms.pick.", "oms.count.");
const keptCounts = () => { try { return JSON.parse(localStorage.getItem(countsKey)) ?? {}; } catch { return {}; } };
const keepCounts = () => {
  const counts = stops.filter((stop) => stop.counted).map((stop) => [stop.task, { left: stop.left, counted: stop.counted }]);
  if (counts.length) localStorage.setItem(countsKey, JSON.stringify(Object.fromEntries(counts)));
  else localStorage.removeItem(countsKey);
};

const sending = new Sending(root, data.key, { done: (said) => { if (said.reload) location.reload(); else if (!stops.length) settle(); } });
// What waits on this device from before is done already, as far as the picker is concerned.
for (const { fields } of sending.queue) take(Number(fields.task), fields.short ? Infinity : Number(fields.quantity));
const before = keptCounts();
for (const stop of stops) {
  const kept = before[stop.task];
  if (kept?.left === stop.left && kept.counted < stop.left) stop.counted = kept.counted;
}
keepCounts();

function take(task, quantity) {
  const stop = stops.find((one) => one.task === task);
  if (!stop) return;
  stop.left -= quantity;
  stop.counted = 0;
  if (stop.left <= 0) stops = stops.filter((one) => one !== stop);
}

const send = (fields, quantity) => {
  const stop = current;
  take(stop.task, quantity);
  keepCounts();
  sending.add({ task: String(stop.task), ...fields });
  show(stops.includes(stop) ? stop : undefined);
};

const pick = (quantity) => {
  const whole = quantity >= current.left;
  send({ quantity: String(quantity) }, quantity);
  tell(whole ? "done" : "good", whole ? words.stopDone : words.counted);
};

const isBin = (code) => stops.find((stop) => stop.bin === code);

const scanned = (code) => {
  if (!current) return;
  const inBin = isBin(code);
  if (inBin) return openStop(inBin.bin === current.bin ? current : inBin);
  const each = current.codes[code];
  if (each === undefined) return otherCode(code);
  if (openBin !== current.bin) return tell("warn", `${words.openBinFirst}: ${current.bin}`);
  return count(each);
};

const otherCode = (code) => {
  const here = stops.find((stop) => stop.bin === openBin && code in stop.codes);
  if (here) { show(here); return count(here.codes[code]); }
  return tell("bad", `${words.wrong}: ${words.scanned} ${code}, ${words.need} ${openBin === current.bin ? current.sku : current.bin}`);
};

const openStop = (stop) => {
  openBin = stop.bin;
  show(stop);
  tell("good", `${words.binOpen}: ${stop.bin}`);
};

const count = (each) => {
  if (current.counted + each > current.left) return tell("warn", words.tooMany);
  current.counted += each;
  if (current.counted === current.left) return pick(current.left);
  keepCounts();
  tell("good", `${words.counted}: ${told(current.counted, current.each)}`);
  return showCount();
};

const showCount = () => {
  at("counted-so-far").hidden = !current.counted;
  const counted = told(current.counted, current.each);
  at("counted-so-far").textContent = `✓ ${counted}`;
  form.elements.quantity.value = current.counted ? counted : "";
  if (form.elements.counted) form.elements.counted.value = counted;
};

const show = (stop = stops.find((one) => one.bin === openBin) ?? stops[0]) => {
  current = stop;
  at("stop").hidden = !current;
  at("progress").textContent = `${total - stops.length} / ${total}`;
  if (!current) return settle();
  const left = told(current.left, current.each);
  for (const name of ["bin", "sku", "name", "unit"]) at(name).textContent = current[name];
  at("left").textContent = left;
  [form.elements.task.value, form.elements.shown.value] = [current.task, current.left];
  at("all-button").textContent = `${words.all} ${left}`;
  at("card").dataset.state = openBin === current.bin ? "open" : "";
  at("bin-state").hidden = openBin !== current.bin;
  for (const more of root.querySelectorAll("details")) more.open = false;
  showCount();
  showWay();
};

const showWay = () => {
  const left = new Map(stops.map((stop) => [String(stop.task), stop]));
  for (const row of at("way").children) {
    const stop = left.get(row.dataset.task);
    row.hidden = !stop;
    row.toggleAttribute("aria-current", stop === current);
    if (stop) row.querySelector("span:last-child").textContent = `${told(stop.left, stop.each)} ${stop.unit}`;
  }
};

const settle = () => { at("stop").hidden = true; at("finished").hidden = false; sending.show(); at("finished").querySelector("[tabindex]").focus(); };

const typed = (name, least, most, otherwise) => {
  const base = typedAsBase(form.elements[name].value, current.each);
  if (base !== null && base >= least && base <= most) return base;
  tell("warn", otherwise);
  return null;
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter?.name;
  if (pressed === "short") {
    const counted = typed("counted", 0, current.left - 1, words.notShort);
    if (counted === null) return;
    send({ short: "1", counted: String(counted), reason: form.elements.reason.value }, Infinity);
    tell("done", words.stopDone);
  } else if (pressed === "all") {
    pick(current.left);
  } else {
    const quantity = typed("quantity", 1, current.left, words.notANumber);
    if (quantity !== null) pick(quantity);
  }
  back();
});
at("way").addEventListener("click", (event) => {
  const row = event.target.closest("li");
  if (!row) return;
  event.preventDefault();
  show(stops.find((stop) => String(stop.task) === row.dataset.task));
  scrollTo({ top: 0 });
});
root.addEventListener("click", (event) => { if (event.target.closest("[aria-disabled]")) { event.preventDefault(); sending.flush(); } });

at("scan-box").hidden = false;
const back = scanner(at("scan"), scanned);
const asked = new URLSearchParams(location.search).get("task");
show(stops.find((stop) => String(stop.task) === asked));
