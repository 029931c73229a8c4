// Whether all that was typed is saved; if not, why not. Who is signed out is led to where one signs in, beside.

export class Saved {
  constructor(place, { words, token, signIn }) {
    Object.assign(this, { place, words, token, signIn });
  }

  show(state, size) {
    const { words } = this;
    const why = { offline: words.no_network, "signed-out": words.sign_in, failed: words.failed }[state];
    this.place.textContent = why ? `${words.unsaved} ${size}. ${why}` : words[state];
    this.place.classList.toggle("is-bad", Boolean(why));
    if (state !== "signed-out") return;
    this.place.append(" ", this.link());
    this.renewToken();
  }

  link() {
    const link = document.createElement("a");
    return Object.assign(link, { className: "doc-link", href: this.signIn, target: "_blank", textContent: this.words.sign_in_here });
  }

  // After signing in again in another tab this page needs the new token.
  async renewToken() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const fresh = page.querySelector("#go-on [name=csrfmiddlewaretoken]");
      if (fresh) this.token.value = fresh.value;
    } catch {
      // still no connection: the queue tries again anyway
    }
  }
}
