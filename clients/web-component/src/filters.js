// Filters: the choices of an answer's facets, and what is in use as chips that can be removed.

import { h, icon, money } from "./dom.js";

// In the order shown. Each is a field of the request and a facet of the answer.
const LISTS = ["category", "colour", "brand", "gender", "size", "material", "pattern"];
const SWITCHES = ["in_stock", "on_sale"];
const PRICES = ["price_min", "price_max"];
// More of one facet are reached by the words.
const LONGEST_LIST = 30;

/** The filters in use, as fields of a request. */
export class Filters {
  #values = new Map();

  /** @returns {object} fields of a request; only those in use */
  fields() {
    return Object.fromEntries(this.#values);
  }

  clear() {
    this.#values.clear();
  }

  copy() {
    return new Filters().become(this);
  }

  /** The same as others; the object stays, which the choices on the page refer to. @param {Filters} others */
  become(others) {
    this.#values = new Map(others.#values);
    return this;
  }

  has(name, value) {
    const given = this.#values.get(name);
    return Array.isArray(given) ? given.includes(value) : given === value;
  }

  /** Use one value of a list, or no more. */
  toggle(name, value) {
    const given = this.#values.get(name) ?? [];
    this.#keep(name, given.includes(value) ? given.filter((each) => each !== value) : [...given, value]);
  }

  /** Use a value, or none for "" and false. */
  set(name, value) {
    this.#keep(name, value || []);
  }

  /** Each value in use. @returns {[string, string | boolean][]} */
  entries() {
    return [...this.#values].flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  }

  remove(name, value) {
    if (Array.isArray(this.#values.get(name))) this.toggle(name, value);
    else this.#values.delete(name);
  }

  #keep(name, value) {
    if (Array.isArray(value) && value.length === 0) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}

/** The groups of choices for an answer. @param {object} facets @param {Filters} filters @param {Function} changed */
export function groups(facets, filters, { t, changed }) {
  const lists = LISTS.map((name) => group(t(name), name, facets[name], { filters, changed }));
  const attributes = facets.attributes.map(({ name, label, values }) =>
    group(label, "attribute", values, { filters, changed, prefix: `${name}:` }),
  );
  return [...lists, prices(facets.price, filters, { t, changed }), switches(facets, filters, { t, changed }), ...attributes]
    .filter(Boolean);
}

function group(label, name, values, { filters, changed, prefix = "" }) {
  if (!values?.length) return null;
  const choices = values.slice(0, LONGEST_LIST).map(({ value, label: text, count }) =>
    choice(text, `${name}=${prefix}${value}`, filters.has(name, prefix + value), count, () => {
      filters.toggle(name, prefix + value);
      changed();
    }),
  );
  const used = values.some(({ value }) => filters.has(name, prefix + value));
  return h(
    "details",
    { part: "facet", open: used || name === "category" || name === "colour", "data-key": `${name} ${prefix}` },
    h("summary", { part: "facet-name" }, label),
    h("div", { role: "group", "aria-label": label, className: "choices" }, ...choices),
  );
}

function choice(label, key, checked, count, onchange) {
  return h(
    "label",
    { part: "choice", className: "choice" },
    h("input", { type: "checkbox", checked, onchange, "data-key": key }),
    h("span", {}, label),
    count === undefined ? null : h("span", { className: "count" }, String(count)),
  );
}

function switches(facets, filters, { t, changed }) {
  const offered = SWITCHES.filter((name) => facets[name] > 0 || filters.has(name, true));
  const boxes = offered.map((name) =>
    choice(t(name), name, filters.has(name, true), facets[name], (event) => {
      filters.set(name, event.target.checked);
      changed();
    }),
  );
  return boxes.length ? h("div", { className: "choices", part: "facet" }, ...boxes) : null;
}

function prices({ min, max }, filters, { t, changed }) {
  if (min === null || min === max) return null;
  const given = filters.fields();
  const inputs = PRICES.map((name) =>
    h("input", {
      type: "number", min: 0, step: "any", inputmode: "decimal", part: "input", "data-key": name,
      "aria-label": `${t("price")} ${t(name === "price_min" ? "priceMin" : "priceMax")}`,
      placeholder: String(Math[name === "price_min" ? "floor" : "ceil"](name === "price_min" ? min : max)),
      defaultValue: given[name] ?? "",
      onchange: (event) => {
        filters.set(name, event.target.value);
        changed();
      },
    }),
  );
  return h(
    "div",
    { part: "facet", className: "prices", role: "group", "aria-label": t("price") },
    h("span", { part: "facet-name" }, t("price")),
    h("span", { className: "range" }, inputs[0], "–", inputs[1]),
  );
}

/** What is in use: filters that were chosen and readings of the words, each as a button that removes it. */
export function chips(answer, filters, { t, language, currency, removeFilter, ignore }) {
  const chosen = filters.entries().map(([name, value]) =>
    chip(label(name, value, answer.facets, { t, language, currency }), t, () => removeFilter(name, value)),
  );
  const read = answer.chips.map(({ field, value, label: text }) => chip(text, t, () => ignore(`${field}:${value}`)));
  return [...chosen, ...read];
}

function chip(text, t, onclick) {
  return h(
    "li",
    {},
    h("button", { type: "button", part: "chip", className: "chip", onclick, "aria-label": t("remove", { what: text }) }, text, icon("close")),
  );
}

/** A chosen filter in words; the shop's facets say what a value is called in the language of the request. */
function label(name, value, facets, { t, language, currency }) {
  if (SWITCHES.includes(name)) return t(name);
  if (name === "price_max") return t("upTo", { what: money(language, value, currency) });
  if (name === "price_min") return t("from", { what: money(language, value, currency) });
  const [attribute, ...rest] = value.split(":");
  const isAttribute = name === "attribute";
  const sought = isAttribute ? rest.join(":") : value;
  const offered = isAttribute ? facets.attributes.find((facet) => facet.name === attribute)?.values : facets[name];
  const called = offered?.find((each) => each.value === sought)?.label ?? sought;
  return name === "size" ? t("sizeOf", { what: called }) : called;
}
