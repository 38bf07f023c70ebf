// The slider between words and picture. While it moves, the cards re-rank here, from the scores they carry:
// score = w·image + (1 - w)·words + rest. When it is released, the server confirms.

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const MOVE = { duration: 220, easing: "cubic-bezier(0.2, 0, 0, 1)" };

/** What a weight in [0, 1] means, in words. @param {HTMLInputElement} slider @param {number} w */
function inWords(slider, w) {
  const levels = slider.dataset.levels.split("|");
  const level = w <= 0.02 ? 0 : w < 0.42 ? 1 : w <= 0.58 ? 2 : w < 0.98 ? 3 : 4;
  return levels[level];
}

/** One grid and the cards that wait behind it. */
class LiveGrid {
  constructor(grid, waiting) {
    this.grid = grid;
    this.size = grid.children.length;
    this.cards = [...grid.children];
    const shown = new Set(this.cards.map((card) => card.dataset.productId));
    for (const card of waiting?.content.children ?? []) {
      if (!shown.has(card.dataset.productId)) this.cards.push(document.importNode(card, true));
    }
  }

  /** Reorder for a weight; cards glide from where they are, even in the middle of a move. @param {number} w */
  rank(w) {
    const score = ({ dataset }) => w * dataset.image + (1 - w) * dataset.words + Number(dataset.rest);
    const order = [...this.cards].sort((a, b) => score(b) - score(a)).slice(0, this.size);
    order.forEach((card) => paintScores(card, w));
    if (order.every((card, at) => card === this.grid.children[at])) return;
    const before = new Map([...this.grid.children].map((card) => [card, card.getBoundingClientRect()]));
    this.grid.replaceChildren(...order);
    if (!calm.matches) order.forEach((card) => glide(card, before.get(card)));
  }
}

/** The two parts of a card's bar, and the number beside it. @param {HTMLElement} card @param {number} w */
function paintScores(card, w) {
  const words = 100 * (1 - w) * card.dataset.textScore;
  const picture = 100 * w * card.dataset.imageScore;
  card.querySelectorAll(".score-bar").forEach((bar) => {
    const [first, second] = bar.children;
    if (!second) return;
    first.setAttribute("width", words.toFixed(1));
    second.setAttribute("x", words.toFixed(1));
    second.setAttribute("width", picture.toFixed(1));
  });
  const fused = card.querySelector("[data-fused]");
  if (fused) fused.textContent = fused.textContent.replace(/\d+/, Math.round(words + picture));
}

/**
 * The cards move by animations of their own, not by a view transition: that one would freeze the page for a frame or
 * two, slider included, and jump to its end when the next value comes; these start again from where the card is.
 * Filters and sorts, which come one at a time, do move the cards by view transitions (search.css).
 */
function glide(card, from) {
  const to = card.getBoundingClientRect();
  card.getAnimations().forEach((animation) => animation.cancel());
  if (!from) {
    card.animate([{ opacity: 0, scale: 0.96 }, { opacity: 1, scale: 1 }], MOVE);
  } else if (from.x !== to.x || from.y !== to.y) {
    card.animate([{ translate: `${from.x - to.x}px ${from.y - to.y}px` }, { translate: "0 0" }], MOVE);
  }
}

/** The live grid a slider rules: the showcase it stands in, or the results. */
function gridOf(slider) {
  const showcase = slider.closest("[data-showcase]");
  if (showcase) return new LiveGrid(showcase.querySelector("[data-live-grid]"), showcase.querySelector("template"));
  const results = document.getElementById("results");
  const grid = document.getElementById("grid");
  if (!grid || results.dataset.live !== "true") return null;
  return new LiveGrid(grid, document.getElementById("rerank-pool"));
}

/** What keeps the two from blending, or "" when nothing does. */
function idleReason(slider) {
  const form = slider.form;
  if (!form || !document.getElementById("results")) return "";
  if (!form.querySelector(".has-picture")) return slider.dataset.idleWords;
  return form.elements.text.value.trim() ? "" : slider.dataset.idlePicture;
}

/** Show the value by the thumb, in words and to screen readers. */
function paint(slider) {
  const idle = idleReason(slider);
  const text = idle || inWords(slider, slider.valueAsNumber);
  slider.style.setProperty("--w", slider.value);
  slider.setAttribute("aria-valuetext", text);
  const blend = slider.closest("[data-blend]");
  blend.classList.toggle("is-idle", Boolean(idle));
  blend.querySelector("[data-blend-value]").textContent = text;
}

/** Ask the server for the order at this weight; the address takes it up. */
function confirm(slider) {
  const results = document.getElementById("results");
  if (slider.closest("[data-showcase]")) return followShowcase(slider);
  if (!results || idleReason(slider)) return undefined;
  const parameters = new URLSearchParams(location.search);
  parameters.delete("offset");
  parameters.set("weight", slider.value);
  return htmx.ajax("GET", `${location.pathname}?${parameters}`, { target: "#results", swap: "outerHTML", source: slider });
}

function followShowcase(slider) {
  const link = slider.closest("[data-showcase]").querySelector("[data-showcase-link]");
  const url = new URL(link.href);
  url.searchParams.set("weight", slider.value);
  link.href = url;
}

for (const slider of document.querySelectorAll(".slider")) {
  let live = null;
  let frame = 0;
  paint(slider);
  slider.form?.elements.text?.addEventListener("input", () => paint(slider));
  slider.addEventListener("input", () => {
    paint(slider);
    live ??= gridOf(slider);
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => live?.rank(slider.valueAsNumber));
  });
  slider.addEventListener("change", () => {
    paint(slider);
    if (!slider.closest("[data-showcase]")) live = null;
    confirm(slider);
  });
}
