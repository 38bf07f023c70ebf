// <tandem-search>: what the shopper gives (words, picture, weight, filters) becomes a query; its answer is shown.

import { Answers } from "./answers.js";
import { Api, Refusal } from "./api.js";
import { Filters } from "./filters.js";
import { listen } from "./gestures.js";
import { Picture } from "./picture.js";
import { Results } from "./results.js";
import { levelOf } from "./slider.js";
import { sheet } from "./styles.js";
import { Suggestions } from "./suggestions.js";
import { texts } from "./texts.js";
import { skeleton } from "./view.js";

// Without the attribute `endpoint`: the shop that serves this module.
const OWN_ORIGIN = new URL(import.meta.url).origin;
const PAGE_SIZE = 24;

export class TandemSearch extends HTMLElement {
  static observedAttributes = ["endpoint", "language", "weight", "currency"];

  #view = null;
  #filters = new Filters();
  #ignored = [];
  #request = new AbortController();

  connectedCallback() {
    if (this.#view) return;
    this.#build();
    const words = this.getAttribute("query");
    if (words) this.search({ text: words });
  }

  #build() {
    const language = this.getAttribute("language") || this.closest("[lang]")?.lang || navigator.language;
    const t = texts(language);
    this.t = t;
    this.api = new Api(this.getAttribute("endpoint") || OWN_ORIGIN, language);
    const v = (this.#view = skeleton(t));
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(v.base);
    v.slider.value = this.getAttribute("weight") ?? "0.5";
    this.picture = new Picture(v, t);
    this.answers = new Answers(this.api, this.picture);
    this.results = new Results(v, this.#setting(language));
    this.suggestions = new Suggestions(v.input, v.options, (words, signal) => this.api.suggest(words, signal), (text) => this.search({ text }));
    this.#listen();
    this.#showWeight();
  }

  disconnectedCallback() {
    this.#request.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#view || before === after) return;
    if (name === "weight") this.weight = Number(after);
    else this.#rebuild({ isAnotherShop: name === "endpoint" });
  }

  /** The weight of the picture beside the words, in [0, 1]. */
  get weight() {
    return this.#view?.slider.valueAsNumber ?? Number(this.getAttribute("weight") ?? 0.5);
  }

  set weight(value) {
    if (!this.#view) return void this.setAttribute("weight", String(value));
    this.#view.slider.value = String(value);
    this.#weigh();
  }

  /** Search for words, a picture, or both; what is left out stays as it is. @param {{ text?: string, image?: File }} [query] */
  async search({ text, image } = {}) {
    if (text !== undefined) this.#view.input.value = text;
    if (image !== undefined && !(await this.#usable(image))) return;
    this.#ignored = [];
    await this.#ask();
  }

  /** Forget words, picture and filters. */
  clear() {
    this.#request.abort();
    this.#view.input.value = "";
    this.#filters.clear();
    this.picture.drop();
    this.#ignored = [];
    this.#showWeight();
    this.results.clear();
  }

  /** In another language or for another shop; what the shopper has given stays, but for the filters of a shop. */
  #rebuild({ isAnotherShop }) {
    const { picture, results } = this;
    const view = this.#view;
    const isAnswered = results.answer !== null || results.isBusy;
    this.#request.abort();
    if (isAnotherShop) {
      this.#filters.clear();
      this.#ignored = [];
    }
    this.#build();
    this.#view.input.value = view.input.value;
    this.#view.slider.value = view.slider.value;
    if (picture.isThere) this.picture.take(picture.file);
    this.#showWeight();
    if (isAnswered) this.#ask();
  }

  #setting(language) {
    return {
      t: this.t,
      language,
      currency: this.getAttribute("currency") ?? "EUR",
      absolute: (path) => this.api.absolute(path),
      href: (product) => this.#href(product),
      open: (event, hit) => this.#open(event, hit),
      changed: () => this.#ask(),
      removeFilter: (name, value) => {
        this.#filters.remove(name, value);
        this.#ask();
      },
      ignore: (reading) => {
        this.#ignored.push(reading);
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
    const { picture, suggestions } = this;
    listen(this.#view, {
      submitted: () => {
        suggestions.close();
        this.search();
      },
      pictured: (image) => this.search({ image }),
      forgotten: () => {
        picture.drop();
        this.#ask();
      },
      typed: () => this.#showWeight(),
      weighing: () => this.#weigh(),
      weighed: () => this.#isMixed && this.#ask(),
      wantsMore: () => this.results.isBusy || this.#askMore(),
    });
  }

  async #usable(image) {
    try {
      await this.picture.use(image);
      return true;
    } catch {
      this.results.say(this.t("notAPicture"), { isError: true });
      return false;
    }
  }

  get #words() {
    return this.#view.input.value.trim();
  }

  get #isMixed() {
    return this.picture.isThere && this.#words !== "";
  }

  /** The slider is there once there is a picture; without words it says that it waits for them. */
  #showWeight() {
    const { blend, slider, level } = this.#view;
    blend.hidden = !this.picture.isThere;
    const text = this.#isMixed ? this.t("levels")[levelOf(this.weight)] : this.t("addWords");
    level.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  }

  #weigh() {
    this.#showWeight();
    if (this.#isMixed && this.results.answer) this.results.rank(this.weight);
  }

  #query() {
    const query = { ...this.#filters.fields(), ...this.picture.fields(), top_k: Number(this.getAttribute("page-size")) || PAGE_SIZE };
    if (this.#words) query.text = this.#words;
    if (this.#isMixed) query.weight = this.weight;
    if (this.#ignored.length) query.ignore = this.#ignored;
    return query;
  }

  async #ask() {
    this.#showWeight();
    this.#request.abort();
    if (!this.#words && !this.picture.isThere) return this.results.clear();
    const query = this.#query();
    const { image, ...told } = query;
    if (!this.#tell("tandem-search", { ...told, hasPicture: this.picture.isThere })) return undefined;
    return this.#receiveAnswer((signal) => this.answers.first(query, signal), (answer) => {
      this.results.show(answer, this.weight, this.#filters);
      this.#tell("tandem-results", { answer }, { cancelable: false });
    });
  }

  #askMore() {
    const next = (signal) => this.answers.next(this.results.answer, signal);
    return this.#receiveAnswer(next, (answer) => this.results.append(answer, this.weight));
  }

  async #receiveAnswer(ask, show) {
    const request = (this.#request = new AbortController());
    const { results } = this;
    results.busy(true);
    results.say(this.t("searching"));
    try {
      const answer = await ask(request.signal);
      if (request === this.#request) show(answer);
    } catch (error) {
      if (error.name !== "AbortError") this.#refused(error);
      // Given up, and nothing else was asked: what is shown is the answer still.
      else if (request === this.#request) results.sayTotal();
    } finally {
      if (request === this.#request) results.busy(false);
    }
  }

  #refused(error) {
    const detail = error instanceof Refusal ? error.message : "";
    const told = this.#tell("tandem-error", { status: error.status ?? 0, code: error.code ?? "offline", detail });
    this.results.say(told ? detail || this.t("offline") : "", { isError: true });
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
