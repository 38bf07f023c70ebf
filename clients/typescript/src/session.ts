import type { components } from "./generated/schema.js";

export interface Tokens {
  access: string;
  refresh: string;
}

export interface Credentials {
  /** "bearer" sends tokens; "cookies" is for web apps on the shop's own site. */
  signIn: "bearer" | "cookies";
  tokens?: Tokens | undefined;
  /** Called with each new pair, and with null once it is of no further use: keep it where it is safe. */
  onTokens?: ((tokens: Tokens | null) => void) | undefined;
  /** For servers. It may go beside a Bearer token. */
  apiKey?: string | undefined;
  /** Accept-Language of every request. */
  language?: string | undefined;
  fetch: typeof fetch;
}

type SignedIn = components["schemas"]["SignedIn"];
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const REFRESH = "/api/v1/auth/refresh";
const CSRF = "X-CSRFToken";
// Milliseconds. A request may give up sooner, by its own signal.
const LONGEST_REFRESH = 30_000;

/** Says who asks: adds credentials to every request, and refreshes them once where they have expired. */
export class Session {
  #tokens: Tokens | null;
  #csrf = "";
  #refreshing: Promise<Response | null> | null = null;
  readonly #underWay = new Set<Request>();

  constructor(
    private readonly baseUrl: string,
    private readonly credentials: Credentials,
  ) {
    this.#tokens = credentials.tokens ?? null;
  }

  get tokens(): Tokens | null {
    return this.#tokens;
  }

  /** Where the tokens of a sign-in are to come, for its request. */
  get delivery(): "body" | "cookies" {
    return this.credentials.signIn === "bearer" ? "body" : "cookies";
  }

  /** Take over the tokens of a sign-in; with cookies the browser has them. */
  accept({ access, refresh }: SignedIn): void {
    if (access && refresh) this.#keep({ access, refresh });
  }

  forget(): void {
    this.#keep(null);
  }

  /** As fetch, with credentials. */
  readonly fetch = async (request: Request): Promise<Response> => {
    // Node collects a request that nothing holds, and its signal then aborts no more (nodejs/undici, buildAbort).
    this.#underWay.add(request);
    try {
      return await this.#fetch(request);
    } finally {
      this.#underWay.delete(request);
    }
  };

  async #fetch(request: Request): Promise<Response> {
    const { signal } = request;
    // A request is sent once only; its copy is for the second try.
    const again = request.clone();
    const used = this.#tokens?.access;
    const response = await this.#send(request, signal);
    const code = response.status === 401 ? await codeOf(response) : null;
    // Ended elsewhere: by a new password, or by signing out everywhere.
    if (code === "token_invalid" && used !== undefined && used === this.#tokens?.access) this.forget();
    if (code !== "token_expired") return response;
    // Another request may have ended the sign-in meanwhile, or refreshed it.
    if (this.credentials.signIn === "bearer" && this.#tokens === null) return response;
    const isRefreshed = this.#tokens !== null && used !== this.#tokens.access;
    const refusal = isRefreshed ? null : await unlessAborted(this.#refresh(), signal);
    return refusal ? refusal.clone() : this.#send(again, signal);
  }

  async #send(request: Request, signal: AbortSignal): Promise<Response> {
    const { signIn, apiKey, language } = this.credentials;
    const headers = new Headers(request.headers);
    if (apiKey) headers.set("X-API-Key", apiKey);
    if (language) headers.set("Accept-Language", language);
    if (signIn === "bearer" && this.#tokens) headers.set("Authorization", `Bearer ${this.#tokens.access}`);
    return this.#ask(new Request(request, { headers }), signal);
  }

  /** Sends it once more where another tab has signed in or out since, which changes the CSRF token. */
  async #ask(request: Request, signal: AbortSignal): Promise<Response> {
    const again = request.clone();
    const response = await this.#askOnce(request, signal);
    if (response.status !== 403 || (await codeOf(response)) !== "csrf_failed") return response;
    this.#csrf = "";
    return this.#askOnce(again, signal);
  }

  /** Of all the copies of a request only this signal, of the first, is sure to abort. */
  async #askOnce(request: Request, signal: AbortSignal): Promise<Response> {
    const withCookies = this.credentials.signIn === "cookies";
    const headers = new Headers(request.headers);
    if (withCookies && !SAFE.has(request.method)) headers.set(CSRF, await this.#csrfToken(signal));
    const credentials = withCookies ? "include" : "omit";
    const response = await this.credentials.fetch(new Request(request, { headers, credentials }), { signal });
    this.#csrf = response.headers.get(CSRF) ?? this.#csrf;
    return response;
  }

  /** The token of the last answer below /auth/; asks for one where there was none. */
  async #csrfToken(signal: AbortSignal): Promise<string> {
    if (!this.#csrf) await this.#askOnce(new Request(new URL("/api/v1/auth/me", this.baseUrl)), signal);
    return this.#csrf;
  }

  /** The refusal, or null. Requests that expire together share one exchange: a refresh token is valid once. */
  #refresh(): Promise<Response | null> {
    this.#refreshing ??= this.#exchange().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #exchange(): Promise<Response | null> {
    const isBearer = this.credentials.signIn === "bearer";
    const headers = new Headers({ "Content-Type": "application/json" });
    const body = JSON.stringify(isBearer ? { refresh: this.#tokens?.refresh } : {});
    const signal = AbortSignal.timeout(LONGEST_REFRESH);
    const address = new URL(REFRESH, this.baseUrl);
    const response = await this.#ask(new Request(address, { method: "POST", headers, body }), signal);
    if (response.ok) {
      this.accept((await response.json()) as SignedIn);
      return null;
    }
    // Only this ends the sign-in: a shop that is busy may take the token later.
    if (response.status === 401) this.forget();
    return response;
  }

  #keep(tokens: Tokens | null): void {
    this.#tokens = tokens;
    this.credentials.onTokens?.(tokens);
  }
}

async function codeOf(response: Response): Promise<unknown> {
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return typeof problem === "object" && problem !== null && "code" in problem ? problem.code : null;
}

/** The promise, which others wait for too, or the reason why this one waits no longer. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([promise, aborted]);
}
