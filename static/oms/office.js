// The theme hides a page until it is ready, and what is hidden takes no focus: the field that asks for it gets it then.
document.addEventListener("alpine:initialized", () => setTimeout(() => {
  if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
}));

// The theme asks only when a page opens whether the system is dark; whoever works past dusk sees it change.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  const theme = Alpine.$data(document.documentElement);
  if (theme.adminTheme !== "auto") return;
  theme.adminTheme = "light";
  theme.adminTheme = "auto"; // asked again
});
