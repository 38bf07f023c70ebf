// An answer as the shopper sees it: total, notices, chips, filters, cards, and what comes close.

import { card, showScores } from "./cards.js";
import { h } from "./dom.js";
import { chips, groups } from "./filters.js";
import { orderAt, reorder } from "./slider.js";

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
    const { setting } = this;
    this.answer = answer;
    v.layout.hidden = false;
    v.grid.replaceChildren(...answer.results.map((hit) => card(hit, weight, setting)));
    v.closeGrid.replaceChildren(...answer.close.map((hit) => card(hit, weight, setting)));
    v.close.hidden = answer.close.length === 0;
    v.notices.replaceChildren(...this.#notices(answer));
    this.showFilters(filters);
    this.sayTotal();
    this.#foot();
  }

  /** Show the choices of the answer and which filters are in use. @param {import("./filters.js").Filters} filters */
  showFilters(filters) {
    const { view: v, answer, setting } = this;
    // Prices in filters are in the currency of the products.
    const ofAnswer = { ...setting, currency: answer.results[0]?.product.currency || setting.currency };
    v.chips.replaceChildren(...chips(answer, filters, ofAnswer));
    v.chips.hidden = v.chips.children.length === 0;
    keepingPlace(v.filters, groups(answer.facets, filters, ofAnswer));
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

  /** Rank the cards that are shown at a weight; in another order ("cheapest") they stay where they are. */
  rank(weight) {
    const { grid, closeGrid } = this.view;
    if ((this.answer.sort ?? "relevance") === "relevance") reorder(grid, orderAt([...grid.children], weight));
    for (const item of [...grid.children, ...closeGrid.children]) showScores(item, weight);
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
      answer.not_sold && h("p", {}, t("notSold", { thing: answer.not_sold })),
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

/** Replace the content of a panel; what had the focus in it has it afterwards, what was open stays open.
 *  @param {HTMLElement} panel @param {HTMLElement[]} groups */
function keepingPlace(panel, groups) {
  const key = panel.getRootNode().activeElement?.closest("[data-key]")?.dataset.key;
  const isOpen = new Map([...panel.querySelectorAll("details")].map((each) => [each.dataset.key, each.open]));
  const scrolled = new Map([...panel.querySelectorAll("details")].map((each) => [each.dataset.key, each.lastElementChild.scrollTop]));
  replace(panel, groups);
  for (const each of panel.querySelectorAll("details")) {
    each.open = isOpen.get(each.dataset.key) ?? each.open;
    each.lastElementChild.scrollTop = scrolled.get(each.dataset.key) ?? 0;
  }
  if (key) panel.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** A price that has the focus stays where it is: taken out, it would be sent half typed, and the caret be lost. */
function replace(panel, groups) {
  const focused = panel.getRootNode().activeElement;
  const kept = [...panel.children].find((each) => each.matches(".prices") && each.contains(focused));
  const at = groups.findIndex((each) => each.matches(".prices"));
  if (!kept || at < 0) return panel.replaceChildren(...groups);
  for (const field of kept.querySelectorAll("input")) {
    const fresh = groups[at].querySelector(`[data-key="${field.dataset.key}"]`);
    field.placeholder = fresh.placeholder;
    if (field !== focused) field.value = fresh.value;
  }
  for (const each of [...panel.children]) if (each !== kept) each.remove();
  kept.before(...groups.slice(0, at));
  return kept.after(...groups.slice(at + 1));
}
