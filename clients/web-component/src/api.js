// The few requests of the component. None carries a cookie, so that any origin which the shop allows may send them.

/** A refusal of the shop: `code` is for programs, the message is for people, in the language of the element: what is wrong
 *  with the first field that is to blame, where there is one. */
export class Refusal extends Error {
  constructor(status, problem) {
    const [field] = Object.values(problem.errors ?? {});
    super(field?.[0]?.detail ?? problem.detail ?? "");
    this.status = status;
    this.code = problem.code ?? "";
  }
}

export class Api {
  /** @param {string} endpoint the shop's address @param {string} language */
  constructor(endpoint, language) {
    this.endpoint = endpoint;
    this.language = language;
  }

  /** An address of the shop as an absolute one. @param {string | null} path */
  absolute(path) {
    return path ? new URL(path, this.endpoint).href : "";
  }

  /** @param {object} query fields of `recommend`; `image` is a File @param {AbortSignal} [signal] */
  search({ image, ...query }, signal) {
    if (!image) return this.#send("POST", "recommend", { body: JSON.stringify(query), signal, json: true });
    const form = new FormData();
    form.append("image", image);
    for (const [name, value] of Object.entries(query)) {
      for (const each of [value].flat()) form.append(name, String(each));
    }
    return this.#send("POST", "recommend", { body: form, signal });
  }

  /** @param {string} words @param {AbortSignal} signal */
  suggest(words, signal) {
    return this.#send("GET", `suggest?${new URLSearchParams({ q: words })}`, { signal });
  }

  /** Report that a product was opened; the page may be gone before the answer. */
  click(queryId, productId, position) {
    const body = JSON.stringify({ query_id: queryId, product_id: productId, position });
    // A click that is not recorded must not disturb the shopper.
    return this.#send("POST", "events/click", { body, json: true, keepalive: true }).catch(() => null);
  }

  async #send(method, path, { json = false, ...options }) {
    const headers = { "Accept-Language": this.language, ...(json && { "Content-Type": "application/json" }) };
    const address = new URL(`/api/v1/${path}`, this.endpoint);
    const response = await fetch(address, { method, headers, credentials: "omit", mode: "cors", ...options });
    const text = await response.text();
    if (!response.ok) throw new Refusal(response.status, problemIn(text));
    return text ? JSON.parse(text) : null;
  }
}

/** A proxy in between may answer with a page instead of a problem. */
function problemIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
