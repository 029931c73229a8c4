// Picks that this device has not sent are named wherever picking starts.
const banner = document.querySelector("[data-unsent-anywhere]");
const waiting = Object.keys(localStorage).filter((key) => key.startsWith("oms.pick.") || key.startsWith("oms.pack."));
if (banner && waiting.length) {
  const links = waiting.map((key) => {
    const [, what, , shipment] = key.split(".");
    const link = document.createElement("a");
    link.href = `../${shipment}/${what}/`;
    link.className = "wh-button";
    link.textContent = `${JSON.parse(localStorage.getItem(key)).length} ×`;
    return link;
  });
  banner.hidden = false;
  banner.append(`${waiting.length} ${banner.dataset.text} `, ...links);
}
