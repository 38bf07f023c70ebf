// What the shopper has given: words, a picture, the weight between them, filters, and readings that were taken back.

import { Filters } from "./filters.js";
import { Picture } from "./picture.js";

export class Query {
  picture = new Picture();
  filters = new Filters();
  ignored = [];
  // The filters of the answer that is shown.
  #answered = new Filters();

  /** Its fields are those of a view. @param {Record<string, HTMLElement>} view @param {Function} t */
  show(view, t) {
    if (this.view) {
      view.input.value = this.view.input.value;
      view.slider.value = this.view.slider.value;
    }
    this.view = view;
    this.picture.show(view, t);
  }

  get words() {
    return this.view.input.value.trim();
  }

  get isEmpty() {
    return this.words === "" && !this.picture.isThere;
  }

  get isMixed() {
    return this.words !== "" && this.picture.isThere;
  }

  get weight() {
    return this.view.slider.valueAsNumber;
  }

  clear() {
    this.view.input.value = "";
    this.picture.drop();
    this.forgetShop();
  }

  /** What belongs to one shop: its filters and readings, and its id of the picture. */
  forgetShop() {
    this.filters.clear();
    this.ignored = [];
    this.picture.imageId = "";
  }

  /** @param {Filters} filters that the answer which is now shown was asked with */
  answeredWith(filters) {
    this.#answered = filters;
  }

  /** The filters of the answer that is shown are in use again. */
  restoreFilters() {
    this.filters.become(this.#answered);
  }

  /** The fields of a request. @param {number} pageSize */
  fields(pageSize) {
    return {
      ...this.filters.fields(),
      ...this.picture.fields(),
      top_k: pageSize,
      ...(this.words && { text: this.words }),
      ...(this.isMixed && { weight: this.weight }),
      ...(this.ignored.length && { ignore: this.ignored }),
    };
  }
}
