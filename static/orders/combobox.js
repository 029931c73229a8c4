// An ARIA combobox over a URL that answers {results: […]}: arrows choose, Escape closes, Enter belongs to the page.

const PAUSE = 120;

export function combobox(input, list, { find, show, choose, told = () => {} }) {
  let found = [];
  let active = -1;
  let timer = 0;
  let asked = 0;

  function close() {
    list.hidden = true;
    found = [];
    mark(-1);
    input.setAttribute("aria-expanded", "false");
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = list.children[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function open(results) {
    found = results;
    list.replaceChildren(...results.map(option));
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(Boolean(results.length)));
    mark(-1);
  }

  function option(result, index) {
    const item = document.createElement("li");
    item.id = `${list.id}-${index}`;
    item.role = "option";
    item.setAttribute("aria-selected", "false");
    item.append(...show(result));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(index);
    });
    return item;
  }

  function take(index) {
    const result = found[index];
    close();
    choose(result);
  }

  async function look() {
    const url = find(input.value);
    if (!url) return close();
    const turn = ++asked;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      const { results } = await response.json();
      if (turn !== asked || document.activeElement !== input) return;
      open(results);
      told(results.length);
    } catch {
      close(); // looking up is a comfort: typing goes on without it
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length);
    } else if (event.key === "Enter" && active >= 0) {
      take(active);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  });

  return {
    close() {
      clearTimeout(timer);
      asked += 1;
      close();
    },
    isOpen: () => !list.hidden,
  };
}

export function words(...parts) {
  return parts.filter(Boolean).map((text, i) => {
    const span = document.createElement(i ? "span" : "strong");
    span.textContent = text;
    return span;
  });
}

// The theme hides the page until it has loaded: focus as soon as it can be had.
export function focusWhenShown(element, tries = 60) {
  element.focus();
  if (document.activeElement !== element && tries) requestAnimationFrame(() => focusWhenShown(element, tries - 1));
}
