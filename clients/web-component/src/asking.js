// One question at a time: the newest counts, the one before is given up, and what goes wrong is said.

import { Refusal } from "./api.js";

export class Asking {
  #request = new AbortController();

  /** @param {import("./answers.js").Answers} answers @param {import("./results.js").Results} results
   *  @param {{ t: Function, tell: Function, failed: () => void }} host `failed` is called where the answer that is shown
   *  remains the answer */
  constructor(answers, results, { t, tell, failed }) {
    Object.assign(this, { answers, results, t, tell, failed });
  }

  stop() {
    this.#request.abort();
  }

  /** Ask for the first page of an answer. @param {object} query @param {(answer: object) => void} show */
  first(query, show) {
    this.stop();
    return this.#receive((signal) => this.answers.first(query, signal), show);
  }

  /** Ask for the page behind the answer that is shown. @param {(answer: object) => void} show */
  next(show) {
    return this.#receive((signal) => this.answers.next(this.results.answer, signal), show);
  }

  async #receive(ask, show) {
    const { results } = this;
    const request = (this.#request = new AbortController());
    results.busy(true);
    results.say(this.t("searching"));
    try {
      const answer = await ask(request.signal);
      if (request === this.#request) show(answer);
    } catch (error) {
      if (request !== this.#request) return;
      this.failed();
      if (error.name === "AbortError") results.sayTotal();
      else this.#refused(error);
    } finally {
      if (request === this.#request) results.busy(false);
    }
  }

  #refused(error) {
    const detail = error instanceof Refusal ? error.message : "";
    const told = this.tell("tandem-error", { status: error.status ?? 0, code: error.code ?? "offline", detail });
    this.results.say(told ? detail || this.t("offline") : "", { isError: true });
  }
}
