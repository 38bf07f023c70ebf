// The slider between words and picture. Every score is linear in the weight (score = w·image + (1 - w)·words + rest), so
// that the cards are ranked here while it moves; when it is released, the shop ranks everything.

const MOVE = { duration: 220, easing: "cubic-bezier(0.2, 0, 0, 1)" };

/** The place of a weight in [0, 1] among the five labels. */
export function levelOf(weight) {
  if (weight <= 0.02) return 0;
  if (weight < 0.42) return 1;
  if (weight <= 0.58) return 2;
  return weight < 0.98 ? 3 : 4;
}

/** A hit's score at a weight. @param {object} hit one of `results` @param {number} weight */
function scoreAt({ terms, image_score: image, text_score: words }, weight) {
  return weight * (terms.image ?? image ?? 0) + (1 - weight) * (terms.words ?? words ?? 0) + (terms.rest ?? 0);
}

/** Cards by their scores at a weight; what staff pinned stays at its place. @param {HTMLElement[]} cards */
export function orderAt(cards, weight) {
  const free = cards.filter(({ hit }) => !hit.is_pinned);
  free.sort((a, b) => scoreAt(b.hit, weight) - scoreAt(a.hit, weight));
  return cards.map((card) => (card.hit.is_pinned ? card : free.shift()));
}

/** The two parts of a hit's similarity, in per cent of the bar. */
export function partsOf({ image_score: image, text_score: words }, weight) {
  const w = image === null ? 0 : words === null ? 1 : weight;
  return [100 * (1 - w) * (words ?? 0), 100 * w * (image ?? 0)];
}

/** Put cards into another order; each moves from where it is. @param {HTMLElement} grid @param {HTMLElement[]} order */
export function reorder(grid, order) {
  if (order.every((card, at) => card === grid.children[at])) return;
  const before = new Map([...grid.children].map((card) => [card, card.getBoundingClientRect()]));
  // The focus would be lost with a card that moves in the document.
  const focused = grid.getRootNode().activeElement;
  grid.replaceChildren(...order);
  if (focused && grid.contains(focused)) focused.focus({ preventScroll: true });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const card of order) move(card, before.get(card));
}

function move(card, from) {
  const to = card.getBoundingClientRect();
  card.getAnimations().forEach((animation) => animation.cancel());
  if (!from || (from.x === to.x && from.y === to.y)) return;
  card.animate([{ translate: `${from.x - to.x}px ${from.y - to.y}px` }, { translate: "0 0" }], MOVE);
}
