// The shop's answers to a query: its first page, and the pages behind it.

export class Answers {
  // The query that the shown answer is to; the fields may have changed since, without having been sent.
  #asked = {};

  /** @param {import("./api.js").Api} api @param {import("./picture.js").Picture} picture */
  constructor(api, picture) {
    this.api = api;
    this.picture = picture;
  }

  /** The first page. @param {object} query @param {AbortSignal} signal */
  async first(query, signal) {
    const answer = await this.#search(query, signal);
    const { image, image_id: sentId = "", ...words } = query;
    // Another picture may have been chosen meanwhile, which the shop does not have yet.
    const isSame = image ? image === this.picture.file : sentId === this.picture.imageId;
    if (isSame) this.picture.imageId = answer.image_id ?? "";
    this.#asked = answer.image_id ? { ...words, image_id: answer.image_id } : words;
    return answer;
  }

  /** The page behind an answer; of the same query, asked again, where the shop keeps the answer no more.
   *  @param {object} answer @param {AbortSignal} signal */
  async next({ query_id, next_offset: offset }, signal) {
    try {
      return await this.api.search({ query_id, offset }, signal);
    } catch (error) {
      if (error.code !== "answer_expired") throw error;
      return this.#search({ ...this.#asked, offset }, signal);
    }
  }

  /** The shop keeps a picture for a day; after that it is sent again. */
  async #search(query, signal) {
    try {
      return await this.api.search(query, signal);
    } catch (error) {
      if (error.code !== "image_unknown" || !query.image_id) throw error;
      const { image_id: _gone, ...others } = query;
      return this.api.search({ ...others, image: this.picture.file }, signal);
    }
  }
}
