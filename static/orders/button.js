// A button for something that can be done right here.
export function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "doc-button is-calm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
