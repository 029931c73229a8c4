// What a page keeps in this browser until it is settled. Each page has a shelf of its own, so that none writes over what
// another keeps; a page that opens takes over what stands on the shelves of others, closed or not.

export class Shelf {
  constructor(name) {
    this.prefix = `${name}~`;
    this.key = `${this.prefix}${newId()}`;
  }

  keep(things) {
    try {
      if (things.length) localStorage.setItem(this.key, JSON.stringify(things));
      else localStorage.removeItem(this.key);
    } catch {
      // no storage: they live as long as this page
    }
  }

  takeOver() {
    const found = [];
    try {
      const others = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix) && key !== this.key);
      for (const key of others) found.push(...read(localStorage.getItem(key)));
      this.keep(found);
      others.forEach((key) => localStorage.removeItem(key));
    } catch {
      // no storage: nothing was kept
    }
    return found;
  }
}

function read(text) {
  try {
    return JSON.parse(text) ?? [];
  } catch {
    return [];
  }
}

// crypto.randomUUID is there over https and on localhost only.
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
