// The filters: a rail next to the results, or the same form in a sheet on a narrow screen.

const sheet = document.getElementById("filter-sheet");
const rail = document.getElementById("filters");
const slot = sheet.querySelector("[data-sheet-slot]");
const openFacets = new Map();

/** Move the one panel of filters, whose ids must not be there twice. @param {Element} parent */
function moveTo(parent) {
  const panel = document.getElementById("filters-panel");
  if (panel.parentElement !== parent) parent.append(panel);
}

// showModal() fires no event; the dialog's open attribute can be observed. The sheet is on the screen before its
// hundred choices are laid out in it.
const place = () => moveTo(sheet.open ? slot : rail);
new MutationObserver(() => (sheet.open ? window.afterPaint(place) : place())).observe(sheet, {
  attributeFilter: ["open"],
});
matchMedia("(width >= 1024px)").addEventListener("change", (event) => event.matches && sheet.close());

document.addEventListener(
  "toggle",
  (event) => event.target.dataset?.facet && openFacets.set(event.target.dataset.facet, event.target.open),
  true,
);

// New counts replace the panel: restore which facets are open, how far it is scrolled, and a price that is being
// typed while the answer to an earlier filter arrives.
let scrollTop = 0;
let typing = null;
document.body.addEventListener("htmx:oobBeforeSwap", () => {
  scrollTop = document.getElementById("filters-panel").scrollTop;
  const field = document.activeElement;
  const isTyping = field.matches("#filters-panel input[type=number]") && field.value !== field.defaultValue;
  typing = isTyping ? { id: field.id, value: field.value } : null;
});

/** What a script puts back is no change to the browser, so leaving the field would not ask for it. */
function putBack({ id, value }) {
  const field = document.getElementById(id);
  if (!field) return;
  field.value = value;
  let hasAsked = false;
  field.addEventListener("change", () => (hasAsked = true), { once: true });
  field.addEventListener("blur", () => hasAsked || field.dispatchEvent(new Event("change", { bubbles: true })), {
    once: true,
  });
}

document.body.addEventListener("htmx:oobAfterSwap", () => {
  document.querySelectorAll("#filters-panel details[data-facet]").forEach((details) => {
    if (openFacets.has(details.dataset.facet)) details.open = openFacets.get(details.dataset.facet);
  });
  document.getElementById("filters-panel").scrollTop = scrollTop;
  if (typing) putBack(typing);
  typing = null;
});

// Behind the open sheet nobody sees the cards move to their new places.
document.body.addEventListener("htmx:beforeTransition", (event) => sheet.open && event.preventDefault());
