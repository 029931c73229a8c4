// A scanner ends with Enter: in a tracking field that goes to the next carton, and only the last one submits.
const fields = [...document.querySelectorAll("[data-tracking]")];
fields.forEach((field, n) => field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const next = fields.slice(n + 1).find((one) => !one.value) ?? document.querySelector("[data-ship-form] .wh-first");
  next?.focus();
}));
fields.find((field) => !field.value)?.focus();

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
