// The box on the query picture: drag a new one, move it, resize it by its corner, or all that by arrow keys.

const SMALLEST = 0.05;
const STEP = 0.02;

const dialog = document.getElementById("crop-dialog");
const stage = dialog.querySelector("[data-stage]");
const handle = dialog.querySelector("[data-box]");

const [x, y, width, height] = dialog.dataset.crop ? dialog.dataset.crop.split(",").map(Number) : [0, 0, 1, 1];
const box = { x, y, width, height };
let drag = null;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function paint() {
  for (const [name, side] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]]) {
    handle.style[name] = `${box[side] * 100}%`;
  }
}

function moveTo(left, top) {
  box.x = clamp(left, 0, 1 - box.width);
  box.y = clamp(top, 0, 1 - box.height);
  paint();
}

function resizeTo(wide, high) {
  box.width = clamp(wide, SMALLEST, 1 - box.x);
  box.height = clamp(high, SMALLEST, 1 - box.y);
  paint();
}

/** Where a pointer is, in fractions of the picture. @param {PointerEvent} event */
function place(event) {
  const area = stage.getBoundingClientRect();
  return {
    x: clamp((event.clientX - area.x) / area.width, 0, 1),
    y: clamp((event.clientY - area.y) / area.height, 0, 1),
  };
}

/** From one corner to another, whichever way it was drawn. */
function draw(from, to) {
  box.x = clamp(Math.min(from.x, to.x), 0, 1 - SMALLEST);
  box.y = clamp(Math.min(from.y, to.y), 0, 1 - SMALLEST);
  resizeTo(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
}

/** What a press begins: resizing at the corner, moving inside a smaller box, else a new box. */
function kindOf(event) {
  if (event.target.closest("[data-handle]")) return "resize";
  const isWhole = box.width > 0.98 && box.height > 0.98;
  return event.target === handle && !isWhole ? "move" : "draw";
}

stage.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  handle.focus({ preventScroll: true });
  stage.setPointerCapture(event.pointerId);
  const at = place(event);
  drag = { kind: kindOf(event), at, inside: { x: at.x - box.x, y: at.y - box.y } };
});

stage.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const at = place(event);
  if (drag.kind === "draw") draw(drag.at, at);
  else if (drag.kind === "move") moveTo(at.x - drag.inside.x, at.y - drag.inside.y);
  else resizeTo(at.x - box.x, at.y - box.y);
});

stage.addEventListener("pointerup", () => (drag = null));
stage.addEventListener("pointercancel", () => (drag = null));

handle.addEventListener("keydown", (event) => {
  const [across, down] = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key] ?? [];
  if (across === undefined) return;
  event.preventDefault();
  if (event.shiftKey) resizeTo(box.width + across, box.height + down);
  else moveTo(box.x + across, box.y + down);
});

/** The same question about this part of the picture. @param {string} crop "x,y,w,h", or "" for all of it */
function search(crop) {
  const parameters = new URLSearchParams(location.search);
  parameters.delete("offset");
  parameters.set("crop", crop);
  if (!crop) parameters.delete("crop");
  location.assign(`${location.pathname}?${parameters}`);
}

dialog.querySelector("[data-use-crop]").addEventListener("click", () => {
  const isWhole = box.width > 0.98 && box.height > 0.98;
  search(isWhole ? "" : [box.x, box.y, box.width, box.height].map((side) => side.toFixed(4)).join(","));
});
dialog.querySelector("[data-whole]").addEventListener("click", () => search(""));
paint();
