// What is said to the customer goes to the clipboard: a sentence that stands on the page, or a link that is made for it.

const place = document.querySelector(".doc-said");
const told = place?.querySelector("[role=status]");

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text); // over https and on localhost only
    return true;
  } catch {
    return false;
  }
}

place?.querySelector("[data-copy]")?.addEventListener("click", async ({ currentTarget }) => {
  const isCopied = await copied(currentTarget.dataset.copy);
  told.textContent = isCopied ? told.dataset.copied : told.dataset.not;
  if (!isCopied) getSelection().selectAllChildren(place.querySelector("q"));
});

if (place?.matches("[data-copy-link]")) {
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(place.action, { method: "POST", headers, body: new FormData(place) });
      const { said, refused } = await response.json();
      if (refused) told.textContent = refused;
      else told.textContent = `${(await copied(said)) ? told.dataset.copied : told.dataset.not} ${said}`;
    } catch {
      place.submit(); // signed out, or no network: the page itself says it
    }
  });
}
