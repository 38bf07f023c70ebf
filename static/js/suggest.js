// Suggestions under a search field, after the ARIA combobox pattern. Without a response it stays a plain field.

const PAUSE_MS = 120;
const LEAST_CHARACTERS = 2;

/** The suggestions of one form, whose data-suggest names where they come from. */
class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.elements.text;
    this.active = -1;
    this.timer = 0;
    this.request = new AbortController();
    this.list = this.#makeList();
    this.input.addEventListener("input", () => this.#waitForPause());
    this.input.addEventListener("keydown", (event) => this.#press(event));
    this.input.addEventListener("blur", () => this.close());
    form.addEventListener("submit", () => this.close());
    // On mousedown, before the click would take the focus from the field and close the list.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) this.#choose(item.textContent);
    });
  }

  close() {
    clearTimeout(this.timer);
    this.request.abort();
    this.#show([]);
  }

  #makeList() {
    const id = `${this.input.id}-suggestions`;
    const list = Object.assign(document.createElement("ul"), { id, className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.input.labels[0].textContent);
    this.input.after(list);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", id);
    this.input.setAttribute("aria-expanded", "false");
    return list;
  }

  /** @param {string[]} texts */
  #show(texts) {
    this.list.replaceChildren(...texts.map((text, at) => this.#option(text, at)));
    this.active = -1;
    this.list.hidden = texts.length === 0;
    this.input.setAttribute("aria-expanded", String(texts.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  #option(text, at) {
    const item = Object.assign(document.createElement("li"), { id: `${this.list.id}-${at}`, textContent: text });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  }

  #choose(text) {
    this.input.value = text;
    this.close();
    this.form.requestSubmit();
  }

  /** @param {number} step 1 down, -1 up; past either end no suggestion is active */
  #move(step) {
    const { children } = this.list;
    const count = children.length;
    this.active = ((this.active + 1 + step + count + 1) % (count + 1)) - 1;
    [...children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.active)));
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", children[this.active].id);
  }

  #waitForPause() {
    clearTimeout(this.timer);
    if (this.input.value.trim().length < LEAST_CHARACTERS) this.close();
    else this.timer = setTimeout(() => this.#fetch(), PAUSE_MS);
  }

  async #fetch() {
    this.request.abort();
    this.request = new AbortController();
    try {
      const url = `${this.form.dataset.suggest}?q=${encodeURIComponent(this.input.value.trim())}`;
      const response = await fetch(url, { signal: this.request.signal });
      if (!response.ok) return this.close();
      const { suggestions } = await response.json();
      if (document.activeElement === this.input) this.#show(suggestions.map((each) => each.text));
    } catch (error) {
      // Aborted by newer input, or the network failed; the search works without suggestions.
      if (error.name !== "AbortError") this.close();
    }
    return undefined;
  }

  #press(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.#choose(this.list.children[this.active].textContent);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }
}

document.querySelectorAll("form[data-suggest]").forEach((form) => new Suggestions(form));
