// The slider between words and picture. While it moves, the cards are re-ranked here from the scores in their
// data attributes: score = w·image + (1 - w)·words + rest. When it is released, the server ranks everything.

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
// Arrow keys change the value at every press: the server is asked once they rest this many milliseconds. Each answer
// replaces the whole page of results, which kept the next press waiting.
const SETTLED = 250;
const MOVE = { duration: 220, easing: "cubic-bezier(0.2, 0, 0, 1)" };

/** The label of a weight in [0, 1]. @param {HTMLInputElement} slider @param {number} w */
function labelOf(slider, w) {
  const levels = slider.dataset.levels.split("|");
  const level = w <= 0.02 ? 0 : w < 0.42 ? 1 : w <= 0.58 ? 2 : w < 0.98 ? 3 : 4;
  return levels[level];
}

/** A grid of cards and the rerank pool: further cards that would lead at another weight. */
class LiveGrid {
  constructor(grid, pool) {
    this.grid = grid;
    this.size = grid.children.length;
    this.cards = [...grid.children];
    const shown = new Set(this.cards.map((card) => card.dataset.productId));
    for (const card of pool?.content.children ?? []) {
      if (!shown.has(card.dataset.productId)) this.cards.push(document.importNode(card, true));
    }
  }

  /** Whether it still holds the page's cards: an answer replaces the grid, and "show more" adds to it. */
  get isCurrent() {
    return this.grid.isConnected && this.grid.children.length === this.size;
  }

  /** Reorder for a weight; cards move from where they are, even during a move. @param {number} w */
  rank(w) {
    const score = ({ dataset }) => w * dataset.image + (1 - w) * dataset.words + Number(dataset.rest);
    const isPinned = (card) => card.dataset.pinned !== undefined;
    const free = this.cards.filter((card) => !isPinned(card)).sort((a, b) => score(b) - score(a));
    // What staff pinned stays at its place, whatever moves around it.
    const order = this.cards.slice(0, this.size).map((card) => (isPinned(card) ? card : free.shift()));
    order.forEach((card) => renderScores(card, w));
    if (order.every((card, at) => card === this.grid.children[at])) return;
    const before = new Map([...this.grid.children].map((card) => [card, card.getBoundingClientRect()]));
    this.#arrange(order);
    if (!reducedMotion.matches) order.forEach((card) => animateMove(card, before.get(card)));
  }

  /** Only what changes its place is touched: inserting every card again laid all of them out anew. */
  #arrange(order) {
    order.forEach((card, at) => {
      if (this.grid.children[at] !== card) this.grid.insertBefore(card, this.grid.children[at] ?? null);
    });
    while (this.grid.children.length > order.length) this.grid.lastElementChild.remove();
  }
}

/** Update the two parts of a card's bar and its number. @param {HTMLElement} card @param {number} w */
function renderScores(card, w) {
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
 * Each card has its own animation: a view transition would freeze the page, slider included, for a frame or two, and
 * jump to its end at the next value; an animation restarts from where the card is. Filters and sorts, which come one
 * at a time, use view transitions (search.css).
 */
function animateMove(card, from) {
  const to = card.getBoundingClientRect();
  card.getAnimations().forEach((animation) => animation.cancel());
  if (!from) {
    card.animate([{ opacity: 0, scale: 0.96 }, { opacity: 1, scale: 1 }], MOVE);
  } else if (from.x !== to.x || from.y !== to.y) {
    card.animate([{ translate: `${from.x - to.x}px ${from.y - to.y}px` }, { translate: "0 0" }], MOVE);
  }
}

/** The grid that a slider re-ranks: that of its showcase, or the results. */
function gridOf(slider) {
  const showcase = slider.closest("[data-showcase]");
  if (showcase) return new LiveGrid(showcase.querySelector("[data-live-grid]"), showcase.querySelector("template"));
  const results = document.getElementById("results");
  const grid = document.getElementById("grid");
  if (!grid || results.dataset.live !== "true") return null;
  return new LiveGrid(grid, document.getElementById("rerank-pool"));
}

/** The hint why the slider has no effect, because words or picture are missing; "" when it has one. */
function idleReason(slider) {
  const form = slider.form;
  if (!form || !document.getElementById("results")) return "";
  if (!form.querySelector(".has-picture")) return slider.dataset.idleWords;
  return form.elements.text.value.trim() ? "" : slider.dataset.idlePicture;
}

/** Show the value at the thumb, as a label and to screen readers. */
function render(slider) {
  const idle = idleReason(slider);
  const text = idle || labelOf(slider, slider.valueAsNumber);
  slider.style.setProperty("--w", slider.value);
  slider.setAttribute("aria-valuetext", text);
  const blend = slider.closest("[data-blend]");
  blend.classList.toggle("is-idle", Boolean(idle));
  blend.querySelector("[data-blend-value]").textContent = text;
}

/** Has the server rank at the slider's weight, in its turn among the other requests for results. */
class ServerRanking {
  #timer = 0;
  // The slider was moved, and no results show its weight yet.
  #isPending = false;

  /** @param {HTMLInputElement} slider */
  constructor(slider) {
    this.slider = slider;
    document.body.addEventListener("htmx:configRequest", (event) => this.#handOver(event.detail));
    document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
      if (detail.target.id === "results") this.#isPending = this.#timer !== 0;
    });
  }

  /** Ask once the value rests. */
  later() {
    if (!document.getElementById("results") || idleReason(this.slider)) return;
    this.#isPending = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED);
  }

  /** The answer for a weight that was left already would move the cards back. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    htmx.trigger(this.slider, "htmx:abort");
  }

  /** The address takes the weight up. While another answer is on its way, it still lacks what that one was asked. */
  #ask() {
    if (window.isAskingForResults()) {
      this.later();
      return;
    }
    this.#timer = 0;
    const parameters = new URLSearchParams(location.search);
    parameters.delete("offset");
    parameters.set("weight", this.slider.value);
    const url = `${location.pathname}?${parameters}`;
    const request = htmx.ajax("GET", url, { target: "#results", swap: "outerHTML", source: this.slider });
    // A filter that is chosen meanwhile aborts it, which htmx's events tell as well.
    request.catch(() => {});
  }

  /** A filter, a sort or a chip chosen meanwhile takes the weight along: two answers would overwrite each other. */
  #handOver(request) {
    if (!this.#isPending || request.elt === this.slider || request.target.id !== "results") return;
    this.stop();
    const address = new URL(request.path, location.href);
    if (request.formData.has("image_id")) {
      request.formData.set("weight", this.slider.value);
    } else if (address.searchParams.has("image_id")) {
      address.searchParams.set("weight", this.slider.value);
      request.path = address.pathname + address.search;
    }
  }
}

function updateShowcaseLink(slider) {
  const link = slider.closest("[data-showcase]").querySelector("[data-showcase-link]");
  const url = new URL(link.href);
  url.searchParams.set("weight", slider.value);
  link.href = url;
}

for (const slider of document.querySelectorAll(".slider")) {
  const isShowcase = slider.closest("[data-showcase]") !== null;
  let live = null;
  let frame = 0;
  const onServer = isShowcase ? null : new ServerRanking(slider);
  render(slider);
  // Moved before this script was there, on a slow connection.
  if (Math.abs(slider.valueAsNumber - Number(slider.defaultValue)) > Number(slider.step)) onServer?.later();
  slider.form?.elements.text?.addEventListener("input", () => render(slider));
  const prepare = () => {
    if (!live?.isCurrent) live = gridOf(slider);
  };
  slider.addEventListener("focus", prepare);
  slider.addEventListener("input", () => {
    render(slider);
    onServer?.stop();
    prepare();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => live?.rank(slider.valueAsNumber));
  });
  slider.addEventListener("change", () => {
    render(slider);
    if (isShowcase) updateShowcaseLink(slider);
    else onServer.later();
  });
}
