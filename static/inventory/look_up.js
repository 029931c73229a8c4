// The look-up's field has the cursor as soon as the theme shows the page, so that the next scan lands in it.

const field = document.getElementById("find-product");

function focusWhenShown(tries = 120) {
  field.focus({ preventScroll: true });
  if (document.activeElement === field) field.select();
  else if (tries) requestAnimationFrame(() => focusWhenShown(tries - 1));
}

focusWhenShown();
