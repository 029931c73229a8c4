// A scanned product opens its card, a scanned bin puts what is on the card there.
import { feedback } from "../fulfillment/feedback.js";
import { scanner } from "../fulfillment/scanner.js";

const root = document.querySelector("[data-floor]");
const form = root.querySelector("[data-put-form]");

if (form) {
  const data = JSON.parse(document.getElementById("device").textContent);
  const tell = feedback(root);

  const scanned = (code) => {
    const known = data.stocks.filter((stock) => code in stock.codes || code.toUpperCase() in stock.codes);
    if (known.some((stock) => stock.stock === data.current)) return tell("good", root.dataset.right);
    if (known.length) return location.assign(`?stock=${known[0].stock}`);
    form.elements.into.value = code;
    return form.requestSubmit();
  };

  root.querySelector("[data-scan-box]").hidden = false;
  const back = scanner(root.querySelector("[data-scan]"), scanned);
  // A second press while the first is on its way would only ask again.
  form.addEventListener("submit", (event) => { if (form.dataset.sent) event.preventDefault(); form.dataset.sent = "1"; });
  addEventListener("pageshow", () => delete form.dataset.sent);
  back();
}
