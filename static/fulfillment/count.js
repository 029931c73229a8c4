// A scan on the count page: another bin of the sheet goes there, a product adds its base units to what was counted.
import { told, typedAsBase } from "./counted.js";
import { feedback } from "./feedback.js";
import { scanner } from "./scanner.js";

const root = document.querySelector("[data-floor]");
const form = root.querySelector("[data-count-form]");
const data = JSON.parse(document.getElementById("device").textContent);
const words = root.dataset;

const add = (field, base, each) => {
  field.value = told((typedAsBase(field.value, each) ?? 0) + base, each);
  field.scrollIntoView({ block: "center" });
};

const unexpected = (code, tell) => {
  const box = root.querySelector("[data-extras]");
  const free = [...(box?.querySelectorAll(".floor-extra") ?? [])].map((row) => row.querySelectorAll("input"));
  const row = free.find(([sku]) => sku.value === code) ?? free.find(([sku]) => !sku.value);
  if (!row) return tell("bad", `${words.wrong}: ${code}`);
  box.open = true;
  row[0].value = code;
  row[1].focus();
  return tell("warn", `${words.unexpected}: ${code}`);
};

if (form) {
  const tell = feedback(root);
  root.querySelector("[data-scan-box]").hidden = false;
  scanner(root.querySelector("[data-scan]"), (code) => {
    if (code === data.bin) {
      root.querySelector("[data-card]").dataset.state = "open";
      return tell("good", words.binOpen);
    }
    if (code in data.bins) return location.assign(data.bins[code]);
    if (!(code in data.codes)) return unexpected(code, tell);
    const [product, base] = data.codes[code];
    const field = form.elements[`found-${product}`];
    add(field, base, data.each[product]);
    return tell("good", `${words.counted}: ${field.value}`);
  });
}
