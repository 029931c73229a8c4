// Items are counted down into the open carton by scan; scans that wait to be sent are added up.
import { told, typedAsBase } from "./counted.js";
import { feedback } from "./feedback.js";
import { scanner } from "./scanner.js";
import { Sending } from "./sending.js";

const root = document.querySelector("[data-floor]");
const form = root.querySelector("[data-pack-form]");

// Enter beside a number presses that number's button, not the first of the form.
root.addEventListener("keydown", (event) => {
  const button = event.key === "Enter" && event.target.matches("input") && event.target.closest(".floor-put")?.querySelector("button");
  if (!button) return;
  event.preventDefault();
  button.click();
});

if (form) {
  const data = JSON.parse(document.getElementById("device").textContent);
  const words = root.dataset;
  const tell = feedback(root);
  const numbers = {}; // what the server called the cartons that were opened here
  let opened = 0;

  const sending = new Sending(root, data.key, {
    prepare: (fields) => ({ ...fields, carton: numbers[fields.carton] ?? (fields.carton.startsWith("new") ? "new" : fields.carton) }),
    done: (said, entry) => {
      if (entry.fields.carton.startsWith("new")) named(entry.fields.carton, said.carton);
      if (!sending.queue.length && (said.packed || !data.lines.some((line) => line.left))) location.reload();
    },
  });

  const chosen = () => form.querySelector("[name=carton]:checked").value;
  const row = (line) => form.querySelector(`[data-line="${line.line}"]`);

  // A new carton has a name of ours until the server has numbered it.
  const carton = () => {
    const value = chosen();
    if (value !== "new") return value;
    opened += 1;
    const name = `new-${Date.now()}-${opened}`;
    choice(name, `${words.newCarton} …`);
    return name;
  };

  const choice = (value, text) => {
    const label = form.querySelector("[name=carton]").closest("label").cloneNode(true);
    const radio = label.querySelector("input");
    label.replaceChildren(radio, ` ${text}`);
    [radio.value, radio.checked] = [value, true];
    form.querySelector("[name=carton][value=new]").closest("label").before(label);
  };

  const named = (name, number) => {
    numbers[name] = String(number);
    const box = root.querySelector(`[data-carton="${name}"]`);
    if (box) {
      box.dataset.carton = number;
      box.querySelector("h4").textContent = `${words.carton} ${number}`;
    }
    const radio = form.querySelector(`[name=carton][value="${name}"]`);
    if (!radio) return;
    radio.value = String(number);
    radio.closest("label").replaceChildren(radio, ` ${number}`);
  };

  const put = (line, quantity) => {
    const into = carton();
    const last = sending.last();
    line.left -= quantity;
    contain(into, line, quantity);
    const field = `quantity-${line.line}`;
    if (last?.fields.line === String(line.line) && last.fields.carton === into) {
      last.fields[field] = String(Number(last.fields[field]) + quantity);
      sending.keep();
    } else {
      sending.add({ line: String(line.line), carton: into, [field]: String(quantity) });
    }
    show(line);
    tell(line.left ? "good" : "done", `${words.counted}: ${line.sku} ${told(quantity, line.each)}`);
  };

  // What is all in cartons already is not offered once more, even before the server knows of it.
  const offer = () => { form.querySelector("[name=everything]").closest("p").hidden = !data.lines.some((line) => line.left); };

  const show = (line) => {
    const item = row(line);
    if (!item) return;
    item.querySelector("[data-left]").textContent = told(line.left, line.each);
    item.querySelector("input[type=text]").value = told(line.left, line.each);
    item.toggleAttribute("data-done", !line.left);
    item.querySelector(".floor-put").hidden = !line.left;
    item.dataset.flash = "";
    setTimeout(() => delete item.dataset.flash, 400);
    root.querySelector("[data-lines-left]").textContent = data.lines.filter((one) => one.left).length;
    offer();
  };

  // What lies in the cartons is shown at once; the server's answer only brings a new carton's number.
  const cartonBox = (name) => {
    const all = root.querySelector("[data-contents]");
    const there = all.querySelector(`[data-carton="${name}"]`);
    if (there) return there;
    const box = all.querySelector("template").content.firstElementChild.cloneNode(true);
    box.dataset.carton = name;
    all.querySelector(".wh-empty")?.remove();
    all.prepend(box);
    return box;
  };

  const contain = (name, line, quantity) => {
    const list = cartonBox(name).querySelector("ul");
    let item = list.querySelector(`[data-item="${line.line}"]`);
    if (!item) {
      item = root.querySelector("[data-item-template]").content.firstElementChild.cloneNode(true);
      item.dataset.item = line.line;
      item.querySelector("b").textContent = line.sku;
      item.querySelector("i").textContent = line.unit;
      list.append(item);
    }
    item.dataset.base = Number(item.dataset.base ?? 0) + quantity;
    const count = told(item.dataset.base, line.each);
    item.querySelector("span").textContent = count;
    const [each, out] = item.querySelectorAll("input");
    [each.name, each.value, out.value] = [`each-${line.line}`, line.each, count];
  };

  const everything = () => {
    const into = carton();
    for (const line of data.lines.filter((one) => one.left)) {
      contain(into, line, line.left);
      line.left = 0;
      show(line);
    }
    sending.add({ everything: "1", carton: into });
    tell("done", words.done);
  };

  const scanned = (code) => {
    if (["CARTON", "NEW CARTON"].includes(code.toUpperCase())) {
      form.querySelector("[name=carton][value=new]").checked = true;
      return tell("good", words.newCarton);
    }
    const known = data.lines.filter((line) => code in line.codes);
    if (!known.length) return tell("bad", `${words.wrong}: ${words.scanned} ${code}, ${words.notHere}`);
    const line = known.find((one) => one.left >= one.codes[code]);
    return line ? put(line, line.codes[code]) : tell("warn", words.tooMany);
  };

  // What the server knows of is taken out by the form itself; a carton that was opened here has its number by then.
  const takeOut = (pressed, event) => {
    if (sending.queue.length) {
      event.preventDefault();
      return tell("warn", words.wait);
    }
    const item = pressed.closest("[data-item]");
    pressed.value = `${item.closest("[data-carton]").dataset.carton}-${item.dataset.item}`;
    pressed.closest(".floor-out").querySelector("input").name = `out-${pressed.value}`;
    return null;
  };

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed?.name === "take_out") return takeOut(pressed, event);
    event.preventDefault();
    if (pressed?.name === "everything") return everything();
    const line = data.lines.find((one) => String(one.line) === pressed?.value);
    if (!line) return null;
    const base = typedAsBase(form.elements[`quantity-${line.line}`].value, line.each);
    if (base && base <= line.left) put(line, base);
    else tell("warn", words.notANumber);
    return back();
  });

  // What waits on this device from before lies in its carton already.
  for (const { fields } of sending.queue) {
    for (const line of data.lines.filter((one) => fields.everything || String(one.line) === fields.line)) {
      line.left = fields.everything ? 0 : Math.max(0, line.left - Number(fields[`quantity-${fields.line}`]));
      show(line);
    }
  }
  root.querySelector("[data-scan-box]").hidden = false;
  const back = scanner(root.querySelector("[data-scan]"), scanned);
  // A page the browser kept while somebody went away shows what was true then.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
