// Whatever is scanned on the dock's first page is looked up, wherever the focus was.
import { scanner } from "../fulfillment/scanner.js";

const field = document.querySelector("[data-dock-scan]");
scanner(field, (code) => {
  field.value = code;
  field.form.submit();
});
