// Completions under the words: an ARIA combobox, whose list is moved through with the arrow keys.

import { h } from "./dom.js";

const PAUSE = 150;

export class Suggestions {
  #timer = 0;
  #request = new AbortController();
  #at = -1;

  /** @param {HTMLInputElement} input @param {HTMLElement} list @param {(words: string, signal: AbortSignal) => Promise<object>} ask
   *  @param {(words: string) => void} chosen */
  constructor(input, list, ask, chosen) {
    Object.assign(this, { input, list, ask, chosen });
    input.addEventListener("input", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
    // The input keeps the focus while an option is pressed.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]")));
  }

  close() {
    clearTimeout(this.#timer);
    this.#request.abort();
    this.#show([]);
  }

  #later() {
    clearTimeout(this.#timer);
    this.#request.abort();
    const words = this.input.value.trim();
    if (!words) return this.#show([]);
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#timer = setTimeout(async () => {
      // Without completions one types on: what went wrong shows when the search is sent.
      const answer = await this.ask(words, signal).catch(() => ({ suggestions: [] }));
      if (!signal.aborted) this.#show(answer.suggestions);
    }, PAUSE);
    return undefined;
  }

  #show(suggestions) {
    this.#at = -1;
    this.list.replaceChildren(
      ...suggestions.map(({ text }, at) =>
        h("li", { role: "option", id: `${this.list.id}-${at}`, part: "suggestion", "aria-selected": "false" }, text),
      ),
    );
    this.list.hidden = suggestions.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const options = this.list.children;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#mark((this.#at + step + options.length + (this.#at < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (event.key === "Enter" && this.#at >= 0) {
      event.preventDefault();
      this.#take(options[this.#at]);
    }
  }

  #mark(at) {
    this.#at = at;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    this.input.setAttribute("aria-activedescendant", this.list.children[at].id);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  #take(option) {
    if (!option) return;
    const words = option.textContent;
    this.close();
    this.chosen(words);
  }
}
