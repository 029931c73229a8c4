// A scanner types like a keyboard. One field reads it; Enter or Tab ends a burst and is swallowed, so it presses nothing.
const ENDS = new Set(["Enter", "Tab"]);
const LEAK = 120; // ms in which the second half of a CR LF may still come

const isField = (element) => element?.matches?.("input:not([type=radio]):not([type=checkbox]), select, textarea");

export const scanner = (field, take) => {
  let endedAt = 0;
  const end = () => {
    const code = field.value.trim();
    field.value = "";
    endedAt = performance.now();
    if (code) take(code);
  };
  field.addEventListener("keydown", (event) => {
    if (!ENDS.has(event.key)) return;
    const leaked = performance.now() - endedAt < LEAK;
    if (field.value.trim() || leaked || event.key === "Enter") event.preventDefault();
    if (field.value.trim()) end();
  });
  // Some scanners put the whole text in at once, its end included.
  field.addEventListener("input", () => { if (/[\r\n\t]/.test(field.value)) end(); });
  // Wherever the focus is, what is typed outside of fields belongs to the scanner.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || isField(event.target)) return;
    if (event.key.length === 1 && event.key !== " ") field.focus();
    else if (event.key === "Enter" && performance.now() - endedAt < LEAK) event.preventDefault();
  }, true);
  const back = () => { if (!isField(document.activeElement)) field.focus({ preventScroll: true }); };
  document.addEventListener("click", (event) => { if (!event.target.closest("a, summary, label, input, select")) setTimeout(back); });
  field.focus({ preventScroll: true });
  return back;
};
