// A choice by look-up is called by its field's label, or in a table by its column, as every other field is.
const nameChoices = () => {
  for (const box of document.querySelectorAll(".select2-selection:not([aria-label])")) {
    const cell = box.closest("td");
    const select = box.closest(".select2")?.previousElementSibling;
    const label = select?.labels?.[0] ?? cell?.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    if (!label) continue;
    const shown = box.querySelector(".select2-selection__rendered");
    shown.removeAttribute("role");
    shown.removeAttribute("aria-readonly");
    box.setAttribute("aria-label", label.textContent.trim());
    box.setAttribute("aria-describedby", shown.id);
    box.removeAttribute("aria-labelledby");
  }
};
addEventListener("load", () => django.jQuery(nameChoices)); // after the look-ups, which are made when jQuery is ready
document.addEventListener("formset:added", () => setTimeout(nameChoices));
