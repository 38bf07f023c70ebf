// Suggestions under a search field, after the ARIA combobox pattern with groups: recent searches of this browser,
// completions, categories and products. Without a response it stays a plain field.

const PAUSE_MS = 60;
const LEAST_CHARACTERS = 2;
const RECENT_SHOWN = 3;
// With products below them, fewer completions fit on a screen.
const BESIDE_PRODUCTS = 5;

const texts = document.getElementById("suggestion-texts").dataset;
const searches = new window.Memory("searches", 20);
const money = (price, currency) =>
  new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency }).format(price);

/** An element with properties, and children that are never read as HTML. */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter(Boolean));
  return made;
}

/** The suggestions of one form, whose data-suggest names where they come from. */
class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.elements.text;
    this.active = -1;
    this.timer = 0;
    this.answer = {};
    this.request = new AbortController();
    this.list = this.#makeList();
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("focus", () => this.#typed());
    this.input.addEventListener("click", () => this.list.hidden && this.#typed());
    this.input.addEventListener("keydown", (event) => this.#press(event));
    this.input.addEventListener("blur", () => this.close());
    form.addEventListener("submit", () => {
      const words = this.input.value.trim().replace(/\s+/g, " ");
      if (words) searches.add(words);
      this.close();
    });
    // The click must not take the focus from the field, which would close the list before it arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (event.target.closest("[data-remove]")) this.#forget(option);
      else if (option) this.#choose(option);
    });
  }

  get #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  close() {
    clearTimeout(this.timer);
    this.request.abort();
    this.answer = {};
    this.#show([]);
  }

  #makeList() {
    const list = element("div", { id: `${this.input.id}-suggestions`, className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.input.labels[0].textContent);
    this.input.after(list);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", list.id);
    this.input.setAttribute("aria-expanded", "false");
    return list;
  }

  #typed() {
    clearTimeout(this.timer);
    this.request.abort();
    if (this.input.value.trim().length < LEAST_CHARACTERS) this.answer = {};
    else this.timer = setTimeout(() => this.#fetch(), PAUSE_MS);
    this.#render();
  }

  async #fetch() {
    this.request = new AbortController();
    try {
      const url = `${this.form.dataset.suggest}?q=${encodeURIComponent(this.input.value.trim())}`;
      const response = await fetch(url, { signal: this.request.signal });
      this.answer = response.ok ? await response.json() : {};
      if (document.activeElement === this.input) this.#render();
    } catch (error) {
      // Aborted by newer input, or the network failed; the search works without suggestions.
      if (error.name !== "AbortError") this.close();
    }
  }

  #render() {
    const { suggestions = [], categories = [], products = [] } = this.answer;
    const recent = this.#recent();
    const known = new Set(recent.map((text) => text.toLowerCase()));
    const completions = suggestions
      .filter(({ text }) => !known.has(text.toLowerCase()))
      .slice(0, products.length ? BESIDE_PRODUCTS : suggestions.length);
    this.#show([
      ["recent", [...recent.map((text) => this.#recentOption(text)), recent.length && this.#clearOption()]],
      ["suggestions", completions.map(({ text }) => this.#option({ text }, text))],
      ["categories", categories.map(({ name, url }) => this.#option({ url }, name))],
      ["products", products.map((product) => this.#productOption(product))],
    ]);
  }

  /** The searches of this browser that begin with what was typed, but not the same again. */
  #recent() {
    const typed = this.input.value.trim().toLowerCase();
    const begins = (text) => text.toLowerCase().startsWith(typed) && text.toLowerCase() !== typed;
    return searches.all().filter(begins).slice(0, RECENT_SHOWN);
  }

  /** @param {[string, (HTMLElement | 0)[]][]} groups by the name of their heading */
  #show(groups) {
    const filled = groups.map(([name, made]) => [name, made.filter(Boolean)]).filter(([, made]) => made.length);
    this.list.replaceChildren(...filled.map(([name, made]) => this.#group(name, made)));
    this.#options.forEach((option, at) => (option.id = `${this.list.id}-${at}`));
    this.active = -1;
    this.list.hidden = filled.length === 0;
    this.input.setAttribute("aria-expanded", String(filled.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  #group(name, options) {
    const heading = element("div", { className: "suggestions-head", textContent: texts[name] });
    heading.setAttribute("aria-hidden", "true");
    const list = element("ul", {}, ...options);
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", texts[name]);
    return element("div", { className: `suggestions-group suggestions-group--${name}`, role: "presentation" }, heading, list);
  }

  #option(data, ...children) {
    const option = element("li", {}, ...children);
    Object.assign(option.dataset, data);
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    return option;
  }

  #recentOption(text) {
    const cross = element("span", { className: "suggestions-remove", textContent: "×", title: texts.remove });
    cross.dataset.remove = "";
    cross.setAttribute("aria-hidden", "true");
    const option = this.#option({ text, recent: "" }, element("span", { textContent: text }), cross);
    option.setAttribute("aria-description", texts.remove);
    return option;
  }

  #clearOption() {
    return this.#option({ clear: "" }, element("span", { className: "quiet", textContent: texts.clear }));
  }

  #productOption({ title, brand, url, image, price, currency }) {
    const picture = image && element("img", { src: image, alt: "", width: 36, height: 48 });
    const cost = price && currency && element("span", { className: "number", textContent: money(price, currency) });
    const names = element(
      "span",
      { className: "suggestions-names" },
      brand && element("span", { className: "card-brand", textContent: `${brand} ` }),
      element("span", { textContent: title }),
    );
    return this.#option({ url }, element("span", { className: "suggestions-picture" }, picture), names, cost);
  }

  /** @param {HTMLElement} option */
  #choose(option) {
    const { url, text, clear } = option.dataset;
    if (clear !== undefined) return this.#forgetAll();
    if (url) {
      this.close();
      return location.assign(url);
    }
    this.input.value = text;
    this.close();
    return this.form.requestSubmit();
  }

  #forget(option) {
    const at = this.active;
    searches.remove(option.dataset.text);
    this.#render();
    if (at >= 0 && !this.list.hidden) this.#activate(Math.min(at, this.#options.length - 1));
  }

  #forgetAll() {
    searches.set([]);
    this.#render();
  }

  /** @param {number} step 1 down, -1 up; past either end no option is active */
  #move(step) {
    const count = this.#options.length;
    this.#activate(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
  }

  #activate(at) {
    this.active = at;
    this.#options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", this.#options[at].id);
    this.#options[at].scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    if (this.list.hidden) {
      if (event.key === "ArrowDown") this.#typed();
      return;
    }
    const option = this.#options[this.active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && option) this.#choose(option);
    else if (event.key === "Delete" && option?.dataset.recent !== undefined) this.#forget(option);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

document.querySelectorAll("form[data-suggest]").forEach((form) => new Suggestions(form));
