// The crop box on the query picture: drawn, moved and resized with a pointer, moved and resized with arrow keys.

// All lengths are fractions of the picture, as in the crop parameter.
const SMALLEST = 0.05;
const STEP = 0.02;
// A box that covers nearly everything counts as the whole picture, and a drag draws a new box.
const NEARLY_ALL = 0.98;
// Said outright: without a crop the search may choose a part itself.
const WHOLE = "0,0,1,1";

const dialog = document.getElementById("crop-dialog");
const stage = dialog.querySelector("[data-stage]");
const handle = dialog.querySelector("[data-box]");

const [x, y, width, height] = dialog.dataset.crop ? dialog.dataset.crop.split(",").map(Number) : [0, 0, 1, 1];
const box = { x, y, width, height };
let drag = null;

const isWhole = () => box.width > NEARLY_ALL && box.height > NEARLY_ALL;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function render() {
  for (const [name, side] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]]) {
    handle.style[name] = `${box[side] * 100}%`;
  }
}

function moveTo(left, top) {
  box.x = clamp(left, 0, 1 - box.width);
  box.y = clamp(top, 0, 1 - box.height);
  render();
}

function resizeTo(newWidth, newHeight) {
  box.width = clamp(newWidth, SMALLEST, 1 - box.x);
  box.height = clamp(newHeight, SMALLEST, 1 - box.y);
  render();
}

/** A pointer's position in fractions of the picture. @param {PointerEvent} event */
function positionOf(event) {
  const area = stage.getBoundingClientRect();
  return {
    x: clamp((event.clientX - area.x) / area.width, 0, 1),
    y: clamp((event.clientY - area.y) / area.height, 0, 1),
  };
}

/** Set the box between two opposite corners, in either order. */
function draw(from, to) {
  box.x = clamp(Math.min(from.x, to.x), 0, 1 - SMALLEST);
  box.y = clamp(Math.min(from.y, to.y), 0, 1 - SMALLEST);
  resizeTo(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
}

/** What a drag does: resize at the corner, move inside a smaller box, else draw a new box. */
function actionOf(event) {
  if (event.target.closest("[data-handle]")) return "resize";
  return event.target === handle && !isWhole() ? "move" : "draw";
}

stage.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  handle.focus({ preventScroll: true });
  stage.setPointerCapture(event.pointerId);
  const start = positionOf(event);
  drag = { action: actionOf(event), start, offset: { x: start.x - box.x, y: start.y - box.y } };
});

stage.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const position = positionOf(event);
  if (drag.action === "draw") draw(drag.start, position);
  else if (drag.action === "move") moveTo(position.x - drag.offset.x, position.y - drag.offset.y);
  else resizeTo(position.x - box.x, position.y - box.y);
});

stage.addEventListener("pointerup", () => (drag = null));
stage.addEventListener("pointercancel", () => (drag = null));

const STEPS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

handle.addEventListener("keydown", (event) => {
  if (!(event.key in STEPS)) return;
  const [across, down] = STEPS[event.key];
  event.preventDefault();
  if (event.shiftKey) resizeTo(box.width + across, box.height + down);
  else moveTo(box.x + across, box.y + down);
});

/** Load the same search for a part of the picture. @param {string} crop "x,y,w,h" */
function search(crop) {
  const parameters = new URLSearchParams(location.search);
  parameters.delete("offset");
  parameters.set("crop", crop);
  location.assign(`${location.pathname}?${parameters}`);
}

dialog.querySelector("[data-use-crop]").addEventListener("click", () => {
  search(isWhole() ? WHOLE : [box.x, box.y, box.width, box.height].map((side) => side.toFixed(4)).join(","));
});
dialog.querySelector("[data-whole]").addEventListener("click", () => search(WHOLE));
dialog.querySelector("[data-another]").addEventListener("click", () => document.getElementById("picture").click());
render();
