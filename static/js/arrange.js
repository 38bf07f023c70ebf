// Staff pin a result by dragging its card to another place in the grid, or bury it by dropping it on the strip
// below; the buttons do the same without a pointer.

const form = () => document.querySelector("[data-arrange-form]");
const strip = () => document.querySelector("[data-bury]");
let dragged = null;

/** What a card can be dropped on: another card, or the strip that buries it; null elsewhere. */
function targetOf(event) {
  const target = dragged && event.target.closest?.("#grid > .card, [data-bury]");
  return target === dragged ? null : target;
}

function clearTargets() {
  document.querySelectorAll(".is-drop-target").forEach((each) => each.classList.remove("is-drop-target"));
}

document.addEventListener("dragstart", (event) => {
  dragged = form() ? event.target.closest?.("#grid > .card") : null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "copyMove";
  strip().hidden = false;
});

document.addEventListener("dragover", (event) => {
  clearTargets();
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  target.classList.add("is-drop-target");
});

document.addEventListener("dragend", () => {
  clearTargets();
  if (strip()) strip().hidden = true;
  dragged = null;
});

// In the capturing phase: dropped elsewhere, a card still becomes the picture of a search.
document.addEventListener("drop", (event) => {
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  event.stopPropagation();
  const { product_id: product, action, position } = form().elements;
  product.value = dragged.dataset.productId;
  action.value = target === strip() ? "bury" : "pin";
  position.value = target.dataset.position ?? "1";
  form().submit();
}, true);
