// The sizes chosen last are offered again on the next results, with one tap, and never applied by themselves.

const sizes = new window.Memory("sizes", 3);

/** @returns {HTMLInputElement[]} the choices of the facet */
function choices() {
  return [...document.querySelectorAll("#filters-form input[name=size]")];
}

/** Offer the newest size that these results have, unless one is chosen. */
function offer() {
  const button = document.querySelector("[data-size-offer]");
  if (!button) return;
  const found = choices();
  const kept = found.some((choice) => choice.checked) ? [] : sizes.all();
  const size = kept.find((each) => found.some((choice) => choice.value === each));
  button.hidden = !size;
  if (!size) return;
  button.value = size;
  button.querySelector("[data-size]").textContent = size;
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("#filters-form input[name=size]")) {
    if (event.target.checked) sizes.add(event.target.value);
    else sizes.remove(event.target.value);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-size-offer]");
  const choice = button && choices().find((each) => each.value === button.value);
  choice?.click();
});

// The panel of filters arrives after the results that it belongs to.
document.body.addEventListener("htmx:afterSettle", offer);
offer();
