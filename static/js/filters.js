// The filters: a rail beside the results, or the same form in a sheet on a narrow screen.

const sheet = document.getElementById("filter-sheet");
const rail = document.getElementById("filters");
const slot = sheet.querySelector("[data-sheet-slot]");
const folded = new Map();

/** The panel lives in one place at a time. @param {Element} home */
function moveTo(home) {
  const panel = document.getElementById("filters-panel");
  if (panel.parentElement !== home) home.append(panel);
}

// A modal dialog opens by showModal(), which says nothing; its attribute does.
new MutationObserver(() => moveTo(sheet.open ? slot : rail)).observe(sheet, { attributeFilter: ["open"] });
matchMedia("(width >= 1024px)").addEventListener("change", (event) => event.matches && sheet.close());

document.addEventListener(
  "toggle",
  (event) => event.target.dataset?.facet && folded.set(event.target.dataset.facet, event.target.open),
  true,
);

// Fresh counts must neither fold what the shopper has opened nor scroll away from what they just chose.
let scrolled = 0;
document.body.addEventListener("htmx:oobBeforeSwap", () => {
  scrolled = document.getElementById("filters-panel").scrollTop;
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  document.querySelectorAll("#filters-panel details[data-facet]").forEach((details) => {
    if (folded.has(details.dataset.facet)) details.open = folded.get(details.dataset.facet);
  });
  document.getElementById("filters-panel").scrollTop = scrolled;
});
