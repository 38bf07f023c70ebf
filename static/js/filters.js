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
// The browser returns the focus to what opened the sheet; a filter that was chosen there has replaced it.
sheet.addEventListener("close", () => {
  if (document.activeElement === document.body) document.querySelector(".open-filters")?.focus({ preventScroll: true });
});
matchMedia("(width >= 1024px)").addEventListener("change", (event) => event.matches && sheet.close());

document.addEventListener(
  "toggle",
  (event) => event.target.dataset?.facet && openFacets.set(event.target.dataset.facet, event.target.open),
  true,
);

// New counts replace the panel: restore which facets are open and how far it is scrolled.
let scrollTop = 0;
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const panel = document.getElementById("filters-panel");
  scrollTop = panel.scrollTop;
  const price = document.activeElement.closest("#filters-panel [data-facet=price]");
  const fresh = event.detail.fragment.querySelector("#filters-form [data-facet=price]");
  if (!price || !fresh) return;
  event.detail.shouldSwap = false;
  replaceAround(price, fresh);
});

/** Replace all choices but the range of prices, in which somebody types: taken out, the field would be sent half typed,
 *  and its caret be lost. @param {Element} price @param {Element} fresh the new range, among the new choices */
function replaceAround(price, fresh) {
  for (const field of price.querySelectorAll("input")) {
    const { value, placeholder } = fresh.querySelector(`#${field.id}`);
    field.placeholder = placeholder;
    // What the form is reset to.
    field.defaultValue = value;
    if (field !== document.activeElement) field.value = value;
  }
  const form = price.parentElement;
  const choices = [...fresh.parentElement.childNodes];
  const at = choices.indexOf(fresh);
  for (const node of [...form.childNodes]) if (node !== price) node.remove();
  price.before(...choices.slice(0, at));
  price.after(...choices.slice(at + 1));
  htmx.process(form);
}

document.body.addEventListener("htmx:oobAfterSwap", () => {
  document.querySelectorAll("#filters-panel details[data-facet]").forEach((details) => {
    if (openFacets.has(details.dataset.facet)) details.open = openFacets.get(details.dataset.facet);
  });
  document.getElementById("filters-panel").scrollTop = scrollTop;
});

// Behind the open sheet nobody sees the cards move to their new places.
document.body.addEventListener("htmx:beforeTransition", (event) => sheet.open && event.preventDefault());
