import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/schema.js";
import { orThrow } from "./problems.js";
import { Session, type Credentials, type Tokens } from "./session.js";

type Schemas = components["schemas"];
export type Answer = Schemas["Answer"];
export type Hit = Schemas["Hit"];
export type Product = Schemas["ProductDetail"];
export type ProductCard = Schemas["ProductCard"];
export type Person = Schemas["Person"];
/** Words, a picture (or the id of one), the weight between them, filters: the fields of `recommend`. */
export type Query = Schemas["HybridQueryRequest"];

export interface Options extends Partial<Credentials> {
  /** The shop's address, such as https://shop.example. */
  baseUrl: string;
}

/** A client of one shop, for one person or server. Everything throws TandemProblem where the shop refuses. */
export class Tandem {
  /** Every operation of the document, typed, with this client's credentials. */
  readonly api: Client<paths>;
  readonly #session: Session;

  constructor({ baseUrl, signIn = "bearer", fetch: send = globalThis.fetch, ...credentials }: Options) {
    // A browser's fetch wants to be called as the window's.
    this.#session = new Session(baseUrl, { ...credentials, signIn, fetch: (...given) => send(...given) });
    this.api = createClient<paths>({ baseUrl, fetch: this.#session.fetch });
  }

  /** The tokens of a Bearer client that is signed in. */
  get tokens(): Tokens | null {
    return this.#session.tokens;
  }

  /** The first page of an answer, or the page that `query_id` and `offset` name. */
  async search(query: Query, { signal }: { signal?: AbortSignal } = {}): Promise<Answer> {
    const request = { body: query, signal: signal ?? null };
    const form = query.image ? { bodySerializer: toForm } : {};
    return orThrow(await this.api.POST("/api/v1/recommend", { ...request, ...form }));
  }

  /** The pages of one answer, each product once, whatever happens in the shop meanwhile. */
  async *pages(query: Query, options: { signal?: AbortSignal } = {}): AsyncGenerator<Answer, void, undefined> {
    let page = await this.search(query, options);
    yield page;
    while (page.next_offset !== null) {
      page = await this.search({ query_id: page.query_id, offset: page.next_offset }, options);
      yield page;
    }
  }

  /** The hits of one answer, page after page. */
  async *hits(query: Query, options: { signal?: AbortSignal } = {}): AsyncGenerator<Hit, void, undefined> {
    for await (const page of this.pages(query, options)) yield* page.results;
  }

  /** Report that a hit of an answer was opened. */
  async click(answer: Pick<Answer, "query_id">, hit: Pick<Hit, "rank" | "product">, session?: string): Promise<void> {
    const body = { query_id: answer.query_id, product_id: hit.product.id, position: hit.rank, session };
    orThrow(await this.api.POST("/api/v1/events/click", { body, keepalive: true }));
  }

  async product(id: string): Promise<Product> {
    return orThrow(await this.api.GET("/api/v1/product/{product_id}", { params: { path: { product_id: id } } }));
  }

  async similar(id: string, query: { top_k?: number; offset?: number; query_id?: string } = {}): Promise<Answer> {
    const params = { path: { product_id: id }, query };
    return orThrow(await this.api.GET("/api/v1/similar-products/{product_id}", { params }));
  }

  async suggest(q: string): Promise<Schemas["SuggestAnswer"]> {
    return orThrow(await this.api.GET("/api/v1/suggest", { params: { query: { q } } }));
  }

  async favorites(): Promise<Schemas["Favorite"][]> {
    return orThrow(await this.api.GET("/api/v1/favorites"));
  }

  async addFavorite(product_id: string): Promise<void> {
    orThrow(await this.api.POST("/api/v1/favorites", { body: { product_id } }));
  }

  async removeFavorite(product_id: string): Promise<void> {
    orThrow(await this.api.DELETE("/api/v1/favorites/{product_id}", { params: { path: { product_id } } }));
  }

  async register(given: { email: string; password: string; name: string }): Promise<Person> {
    const body = { ...given, tokens: this.#session.delivery };
    return this.#signedIn(orThrow(await this.api.POST("/api/v1/auth/register", { body })));
  }

  async signIn(given: { email: string; password: string }): Promise<Person> {
    const body = { ...given, tokens: this.#session.delivery };
    return this.#signedIn(orThrow(await this.api.POST("/api/v1/auth/login", { body })));
  }

  async me(): Promise<Person> {
    return orThrow(await this.api.GET("/api/v1/auth/me"));
  }

  async signOut(): Promise<void> {
    const refresh = this.tokens?.refresh;
    if (!refresh && this.#session.delivery === "body") return;
    const answer = await this.api.POST("/api/v1/auth/logout", { body: refresh ? { refresh } : {} });
    // 401: signed out already, by a new password or on another device.
    if (answer.response.status !== 401) orThrow(answer);
    this.#session.forget();
  }

  #signedIn(answer: Schemas["SignedIn"]): Person {
    this.#session.accept(answer);
    return answer.user;
  }
}

/** A form, with a list as a repeated field. */
function toForm(query: unknown): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(query as Query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === undefined || each === null) continue;
      // A file's type is taken from its name, which may be wrong; the shop reads it from the content.
      if (each instanceof Blob) form.append(name, each.slice(), each instanceof File ? each.name : "picture");
      else form.append(name, String(each));
    }
  }
  return form;
}
