// One card for each hit: a link with picture, names and price, and the two parts of its similarity as a line.

import { h, money } from "./dom.js";
import { partsOf } from "./slider.js";

/** Where a card leads and how it speaks. @typedef {{ href: (product: object) => string, absolute: (path: string) => string,
 *   t: Function, language: string, currency: string, open: (event: MouseEvent, hit: object) => void }} Setting */

/** @param {object} hit one of `results` @param {number} weight @param {Setting} setting */
export function card(hit, weight, setting) {
  const { product } = hit;
  const link = h(
    "a",
    {
      part: "link",
      className: "link",
      href: setting.href(product),
      onclick: (event) => setting.open(event, hit),
      // A new tab: the browser opens it without a click event of its own.
      onauxclick: (event) => event.button === 1 && setting.open(event, hit),
    },
    picture(product, setting),
    bar(),
    h("span", { part: "brand", className: "brand" }, product.brand),
    h("span", { part: "title", className: "title" }, product.title),
    price(product, setting),
  );
  const item = h("li", { part: "card", className: "card" }, link);
  item.hit = hit;
  showScores(item, weight);
  return item;
}

function picture(product, { absolute }) {
  const source = absolute(product.thumbnail_url);
  const large = absolute(product.image_url);
  const image = source
    ? h("img", { part: "image", src: source, srcset: `${source} 320w, ${large} 1080w`, sizes: "(min-width: 48rem) 18rem, 44vw", alt: "", loading: "lazy", decoding: "async" })
    : null;
  return h("span", { part: "frame", className: "frame" }, image);
}

function price(product, { t, language, currency }) {
  const stated = product.currency || currency;
  const shown = money(language, product.price, stated);
  const before = product.list_price ? money(language, product.list_price, stated) : "";
  return h(
    "span",
    { part: "price", className: "price" },
    h("span", {}, shown),
    before ? h("s", { part: "list-price" }, h("span", { className: "unseen" }, `${t("was")} `), before) : null,
    product.in_stock ? null : h("span", { part: "sold-out", className: "sold-out" }, t("soldOut")),
  );
}

function bar() {
  const parts = ["words", "picture"].map((name) => h("span", { className: `bar-${name}`, part: `score-${name}` }));
  return h("span", { part: "score", className: "bar", "aria-hidden": "true" }, ...parts);
}

/** Show a card's two parts at a weight. @param {HTMLElement & { hit: object }} item @param {number} weight */
export function showScores(item, weight) {
  const [words, image] = partsOf(item.hit, weight);
  item.querySelector(".bar-words").style.inlineSize = `${words.toFixed(1)}%`;
  item.querySelector(".bar-picture").style.inlineSize = `${image.toFixed(1)}%`;
}
