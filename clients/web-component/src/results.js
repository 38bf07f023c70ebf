// An answer as the shopper sees it: total, notices, chips, filters, cards, and what comes close.

import { card, showScores } from "./cards.js";
import { h } from "./dom.js";
import { chips, groups } from "./filters.js";
import { reorder, scoreAt } from "./slider.js";

export class Results {
  answer = null;
  isBusy = false;

  /** @param {Record<string, HTMLElement>} view
   *  @param {import("./cards.js").Setting & { removeFilter: Function, ignore: Function, changed: Function }} setting */
  constructor(view, setting) {
    this.view = view;
    this.setting = setting;
  }

  /** Show the first page of an answer. @param {object} answer @param {number} weight @param {import("./filters.js").Filters} filters */
  show(answer, weight, filters) {
    const { view: v } = this;
    // Prices in filters are in the currency of the products.
    const setting = { ...this.setting, currency: answer.results[0]?.product.currency || this.setting.currency };
    this.answer = answer;
    v.layout.hidden = false;
    v.grid.replaceChildren(...answer.results.map((hit) => card(hit, weight, setting)));
    v.closeGrid.replaceChildren(...answer.close.map((hit) => card(hit, weight, setting)));
    v.close.hidden = answer.close.length === 0;
    v.chips.replaceChildren(...chips(answer, filters, setting));
    v.chips.hidden = v.chips.children.length === 0;
    v.notices.replaceChildren(...this.#notices(answer));
    keepingFocus(v.filters, () => v.filters.replaceChildren(...groups(answer.facets, filters, setting)));
    this.sayTotal();
    this.#foot();
  }

  /** Add the next page; the focus goes to its first card. */
  append(answer, weight) {
    const added = answer.results.map((hit) => card(hit, weight, this.setting));
    this.answer = { ...answer, results: [...this.answer.results, ...answer.results] };
    this.view.grid.append(...added);
    added[0]?.querySelector("a").focus({ preventScroll: true });
    this.#foot();
    this.say(this.view.shown.textContent);
  }

  clear() {
    this.answer = null;
    this.view.layout.hidden = this.view.chips.hidden = true;
    this.view.notices.replaceChildren();
    this.say("");
  }

  /** Rank the cards that are shown at a weight. */
  rank(weight) {
    const { grid, closeGrid } = this.view;
    const order = [...grid.children].sort((a, b) => scoreAt(b.hit, weight) - scoreAt(a.hit, weight));
    reorder(grid, order);
    for (const item of [...order, ...closeGrid.children]) showScores(item, weight);
  }

  /** Say something to everybody, to screen readers too. */
  say(text, { isError = false } = {}) {
    this.view.status.textContent = text;
    this.view.status.classList.toggle("is-error", isError);
  }

  /** Say how much the answer that is shown has, if there is one. */
  sayTotal() {
    this.say(this.answer ? this.#total(this.answer) : "");
  }

  busy(isBusy) {
    this.isBusy = isBusy;
    this.view.base.classList.toggle("is-busy", isBusy);
    this.view.layout.setAttribute("aria-busy", String(isBusy));
  }

  #total({ total, total_is_capped: isCapped }) {
    if (total === 0) return this.setting.t("nothing");
    return this.setting.t(isCapped ? "more" : "results", { n: total });
  }

  #notices(answer) {
    const { t, ignore, absolute } = this.setting;
    const literally = () => ignore("spelling");
    return [
      answer.text_corrected &&
        h("p", {}, t("insteadOf", { words: answer.text_corrected }), h("button", { type: "button", className: "plain", onclick: literally }, t("literally"))),
      answer.unknown_words.length > 0 && h("p", {}, t("unknown", { words: answer.unknown_words.join(", ") })),
      answer.relaxed && h("p", {}, t("relaxed", { what: answer.relaxed.text })),
      answer.redirect && h("p", {}, h("a", { className: "plain", href: absolute(answer.redirect) }, t("redirect"))),
    ].filter(Boolean);
  }

  #foot() {
    const { results, total, next_offset: next } = this.answer;
    const { shown, more } = this.view;
    shown.textContent = total ? this.setting.t("shown", { n: results.length, total }) : "";
    more.hidden = next === null;
  }
}

/** Replace the content of a panel; what had the focus in it has it afterwards, what was open stays open. */
function keepingFocus(panel, replace) {
  const focused = panel.getRootNode().activeElement?.closest("[data-key]");
  const isTyping = focused?.type === "number" && focused.value !== focused.defaultValue;
  const isOpen = new Map([...panel.querySelectorAll("details")].map((each) => [each.dataset.key, each.open]));
  const scrolled = new Map([...panel.querySelectorAll("details")].map((each) => [each.dataset.key, each.lastElementChild.scrollTop]));
  replace();
  for (const each of panel.querySelectorAll("details")) {
    each.open = isOpen.get(each.dataset.key) ?? each.open;
    each.lastElementChild.scrollTop = scrolled.get(each.dataset.key) ?? 0;
  }
  const field = focused && panel.querySelector(`[data-key="${CSS.escape(focused.dataset.key)}"]`);
  field?.focus({ preventScroll: true });
  if (field && isTyping) putBack(field, focused.value);
}

/** What is being typed. What a script puts there is no change to the browser, so leaving the field would not ask. */
function putBack(field, value) {
  field.value = value;
  let hasAsked = false;
  field.addEventListener("change", () => (hasAsked = true), { once: true });
  field.addEventListener("blur", () => hasAsked || field.dispatchEvent(new Event("change")), { once: true });
}
