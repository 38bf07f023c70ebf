// Staff pin a result by dragging its card to another place in the grid; the buttons do the same without a pointer.

const form = () => document.querySelector("[data-arrange-form]");
let dragged = null;

const cardOf = (event) => event.target.closest?.("#grid > .card");

document.addEventListener("dragstart", (event) => {
  dragged = form() ? cardOf(event) : null;
  if (dragged) event.dataTransfer.effectAllowed = "copyMove";
});

document.addEventListener("dragover", (event) => {
  const over = dragged && cardOf(event);
  document.querySelectorAll(".is-drop-target").forEach((card) => card.classList.remove("is-drop-target"));
  if (!over || over === dragged) return;
  event.preventDefault();
  over.classList.add("is-drop-target");
});

document.addEventListener("dragend", () => {
  document.querySelectorAll(".is-drop-target").forEach((card) => card.classList.remove("is-drop-target"));
  dragged = null;
});

// In the capturing phase: dropped elsewhere, a card still becomes the picture of a search.
document.addEventListener("drop", (event) => {
  const over = dragged && cardOf(event);
  if (!over || over === dragged) return;
  event.preventDefault();
  event.stopPropagation();
  const { product_id: product, action, position } = form().elements;
  product.value = dragged.dataset.productId;
  action.value = "pin";
  position.value = over.dataset.position;
  form().submit();
}, true);
