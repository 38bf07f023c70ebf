// <tandem-search>: what the shopper gives (words, picture, weight, filters) becomes a query; its answer is shown.

import { Answers } from "./answers.js";
import { Api } from "./api.js";
import { Asking } from "./asking.js";
import { listen } from "./gestures.js";
import { Query } from "./query.js";
import { Results } from "./results.js";
import { levelOf } from "./slider.js";
import { sheet } from "./styles.js";
import { Suggestions } from "./suggestions.js";
import { languageTag, texts } from "./texts.js";
import { skeleton } from "./view.js";

// Without the attribute `endpoint`: the shop that serves this module.
const OWN_ORIGIN = new URL(import.meta.url).origin;
const PAGE_SIZE = 24;
const BALANCED = "0.5";
// A slider that is moved with the arrow keys has come to rest after this many milliseconds.
const SETTLED = 250;

export class TandemSearch extends HTMLElement {
  static observedAttributes = ["endpoint", "language", "weight", "currency"];

  #view = null;
  #query = new Query();
  #asking = null;
  #wasAsking = false;
  #changed = new Set();
  #settling = 0;

  connectedCallback() {
    const isNew = !this.#view;
    this.#ready();
    // Moved to another place of the page while a search was on its way.
    if (this.#wasAsking) this.#ask();
    const words = this.getAttribute("query");
    if (isNew && words) this.search({ text: words });
  }

  disconnectedCallback() {
    this.#wasAsking = this.results.isBusy;
    this.#asking.stop();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#view || before === after) return;
    if (name === "weight") this.weight = Number(after ?? BALANCED);
    else this.#rebuildSoon(name);
  }

  /** The weight of the picture beside the words, in [0, 1]. */
  get weight() {
    return this.#view ? this.#query.weight : Number(this.getAttribute("weight") ?? BALANCED);
  }

  set weight(value) {
    if (!this.#view) return void this.setAttribute("weight", String(value));
    this.#view.slider.value = String(value);
    this.#weigh();
    this.#weighed();
  }

  /** Search for words, a picture, or both; what is left out stays as it is. @param {{ text?: string, image?: File }} [query] */
  async search({ text, image } = {}) {
    this.#ready();
    if (text !== undefined) this.#view.input.value = text;
    if (image !== undefined && !(await this.#usable(image))) return;
    this.#query.ignored = [];
    await this.#ask();
  }

  /** Forget words, picture and filters. */
  clear() {
    this.#ready();
    this.#query.clear();
    this.#empty();
  }

  #ready() {
    if (this.#view) return;
    this.#build();
    this.#view.slider.value = this.getAttribute("weight") ?? BALANCED;
    this.#showWeight();
  }

  #build() {
    const language = languageTag(this.getAttribute("language") || this.closest("[lang]")?.lang || navigator.language);
    const t = texts(language);
    this.t = t;
    this.api = new Api(this.getAttribute("endpoint") || OWN_ORIGIN, language);
    const v = (this.#view = skeleton(t));
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(v.base);
    this.#query.show(v, t);
    this.results = new Results(v, this.#setting(language));
    const host = { t, tell: (...told) => this.#tell(...told), failed: () => this.#failed() };
    this.#asking = new Asking(new Answers(this.api, this.#query.picture), this.results, host);
    this.suggestions = new Suggestions(v.input, v.options, (words, signal) => this.api.suggest(words, signal), (text) => this.search({ text }));
    this.#listen();
    this.#showWeight();
  }

  /** Once for attributes that change together. */
  #rebuildSoon(name) {
    if (this.#changed.size === 0) queueMicrotask(() => this.#rebuild());
    this.#changed.add(name);
  }

  /** In another language or for another shop; what the shopper has given stays, but for what belongs to a shop. */
  #rebuild() {
    const { input, filters } = this.#view;
    const isAnswered = this.results.answer !== null || this.results.isBusy;
    const hasFocus = this.shadowRoot.activeElement === input;
    this.#asking.stop();
    if (this.#changed.has("endpoint")) this.#query.forgetShop();
    this.#changed.clear();
    this.#build();
    this.#view.filters.classList.toggle("is-open", filters.classList.contains("is-open"));
    if (hasFocus) this.#view.input.focus();
    if (isAnswered) this.#ask();
  }

  #setting(language) {
    const query = this.#query;
    return {
      t: this.t,
      language,
      currency: this.getAttribute("currency") ?? "EUR",
      absolute: (path) => this.api.absolute(path),
      href: (product) => this.#href(product),
      open: (event, hit) => this.#open(event, hit),
      changed: () => this.#ask(),
      removeFilter: (name, value) => {
        query.filters.remove(name, value);
        this.#ask();
      },
      ignore: (reading) => {
        query.ignored.push(reading);
        this.#ask();
      },
    };
  }

  #href(product) {
    const template = this.getAttribute("product-url");
    if (template) return template.replaceAll("{id}", encodeURIComponent(product.id));
    const own = this.getAttribute("links") === "shop" ? product.shop_url : "";
    return own || this.api.absolute(product.url);
  }

  #listen() {
    const { suggestions } = this;
    listen(this.#view, {
      submitted: () => {
        suggestions.close();
        this.search();
      },
      pictured: (image) => this.search({ image }),
      forgotten: () => {
        this.#query.picture.drop();
        this.#ask();
      },
      typed: () => this.#showWeight(),
      weighing: () => this.#weigh(),
      weighed: () => this.#weighed(),
      wantsMore: () => this.results.isBusy || this.#askMore(),
    });
  }

  async #usable(image) {
    try {
      await this.#query.picture.use(image);
      return true;
    } catch {
      this.results.say(this.t("notAPicture"), { isError: true });
      return false;
    }
  }

  /** The slider is there once there is a picture; without words it says that it waits for them. */
  #showWeight() {
    const { blend, slider, level } = this.#view;
    blend.hidden = !this.#query.picture.isThere;
    const text = this.#query.isMixed ? this.t("levels")[levelOf(this.weight)] : this.t("addWords");
    level.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  }

  #weigh() {
    this.#showWeight();
    if (this.#query.isMixed && this.results.answer) this.results.rank(this.weight);
  }

  #weighed() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#query.isMixed && this.#ask(), SETTLED);
  }

  #empty() {
    this.results.clear();
    this.#asking.stop();
    this.#showWeight();
  }

  async #ask() {
    clearTimeout(this.#settling);
    this.#wasAsking = false;
    if (this.#query.isEmpty) return this.#empty();
    this.#showWeight();
    const fields = this.#query.fields(Number(this.getAttribute("page-size")) || PAGE_SIZE);
    const filters = this.#query.filters.copy();
    const { image, ...told } = fields;
    if (!this.#tell("tandem-search", { ...told, hasPicture: this.#query.picture.isThere })) return this.#asking.stop();
    return this.#asking.first(fields, (answer) => {
      this.#query.answeredWith(filters);
      this.results.show(answer, this.weight, this.#query.filters);
      this.#tell("tandem-results", { answer }, { cancelable: false });
    });
  }

  #askMore() {
    return this.#asking.next((answer) => this.results.append(answer, this.weight));
  }

  /** What is shown remains the answer: the filters show again what it is filtered by. */
  #failed() {
    if (!this.results.answer || !this.isConnected) return;
    this.#query.restoreFilters();
    this.results.showFilters(this.#query.filters);
  }

  #open(event, hit) {
    const { query_id: queryId } = this.results.answer;
    this.api.click(queryId, hit.product.id, hit.rank);
    const link = { product: hit.product, rank: hit.rank, queryId, url: event.currentTarget.href };
    if (!this.#tell("tandem-select", link)) event.preventDefault();
  }

  /** Tell the page; false where it cancels what would follow. */
  #tell(name, detail, { cancelable = true } = {}) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }
}
