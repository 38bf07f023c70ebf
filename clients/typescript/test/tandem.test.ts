// Against a served shop, which TANDEM_SHOP describes (tests/clients/conftest.py).
import assert from "node:assert/strict";
import { once } from "node:events";
import { openAsBlob } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CODES, isProblem, Tandem, type Hit, type Options, type Tokens } from "../src/index.js";
import { CookieJar } from "./cookies.js";

const shop = JSON.parse(process.env["TANDEM_SHOP"] ?? "{}") as {
  url: string;
  picture: string;
  words: string;
  productId: string;
  apiKey: string;
  staff: { email: string; password: string };
  expired: Tokens;
};
const picture = await openAsBlob(shop.picture, { type: "image/jpeg" });
const client = (options: Partial<Options> = {}): Tandem => new Tandem({ baseUrl: shop.url, ...options });

async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error,
  );
}

async function all(hits: AsyncIterable<Hit>): Promise<string[]> {
  const ids: string[] = [];
  for await (const hit of hits) ids.push(hit.product.id);
  return ids;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** The name of the error of a search that is given up after a while; a garbage collection must not make it wait on. */
async function givenUp(person: Tandem): Promise<string> {
  const impatient = new AbortController();
  const search = problemOf(person.search({ text: shop.words }, { signal: impatient.signal }));
  await wait(200);
  collectGarbage();
  await wait(20);
  impatient.abort();
  const error = await Promise.race([search, wait(5000, new Error("it waits on"), { ref: false })]);
  return (error as Error).name;
}

/** A fetch that counts the requests of each path. */
function counting(counts: Map<string, number>, send: typeof fetch = fetch): typeof fetch {
  return (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    counts.set(pathname, (counts.get(pathname) ?? 0) + 1);
    return send(input, init);
  };
}

test("words find products", async () => {
  const { results } = await client().search({ text: shop.words });
  assert.match(results[0]!.product.title, /^Red dress/);
});

test("a picture and words are mixed by the weight", async () => {
  const first = async (weight: number) =>
    (await client().search({ text: shop.words, image: picture, weight })).results[0]!.product.title;
  assert.match(await first(1), /^Blue/);
  assert.match(await first(0), /^Red dress/);
});

test("the id of an uploaded picture stands for it", async () => {
  const uploaded = await client().search({ image: picture });
  const again = await client().search({ image_id: uploaded.image_id! });
  assert.deepEqual(again.results[0]!.product, uploaded.results[0]!.product);
});

test("a picture may have a wrong ending", async () => {
  const renamed = new File([picture], "photo.png", { type: "image/png" });
  assert.ok((await client().search({ image: renamed })).results.length);
});

test("filters go with an upload, each value of a list", async () => {
  const { facets } = await client().search({ image: picture, colour: ["Red", "Blue"], category: ["Dress"], price_max: "20.00" });
  assert.deepEqual(facets.brand.length > 0, true);
  for await (const hit of client().hits({ image: picture, colour: ["Red", "Blue"], price_max: "20.00" })) {
    assert.match(hit.product.colour, /Red|Blue/);
    assert.ok(Number(hit.product.price) <= 20);
  }
});

test("the pages of an answer hold each of its products once", async () => {
  const { total } = await client().search({ text: "dress", top_k: 4 });
  const ids = await all(client().hits({ text: "dress", top_k: 4 }));
  assert.ok(total > 4);
  assert.equal(new Set(ids).size, total);
  assert.equal(ids.length, total);
});

test("a click names the answer that it came from", async () => {
  const answer = await client().search({ text: shop.words });
  await client().click(answer, answer.results[0]!);
  const other = { ...answer.results[0]!, product: { ...answer.results[0]!.product, id: "none" } };
  assert.ok(isProblem(await problemOf(client().click(answer, other)), "product_unknown"));
});

test("a product, what is like it, and completions", async () => {
  assert.equal((await client().product(shop.productId)).id, shop.productId);
  assert.equal((await client().similar(shop.productId, { top_k: 3 })).results.length, 3);
  assert.ok((await client().suggest("dre")).suggestions.length > 0);
});

test("a refusal has a code, and the fields that are to blame", async () => {
  const refusal = await problemOf(client().search({ text: "red", top_k: 1000 }));
  assert.ok(isProblem(refusal, "invalid"));
  assert.deepEqual(Object.keys(refusal.errors), ["top_k"]);
  assert.ok(CODES.includes("answer_expired"));
});

test("sentences follow the language, codes do not", async () => {
  const refusals = ["en", "de"].map((language) => problemOf(client({ language }).product("none")));
  const [english, german] = (await Promise.all(refusals)) as [Error, Error];
  assert.ok(isProblem(english, "product_unknown") && isProblem(german, "product_unknown"));
  assert.notEqual(english.message, german.message);
});

test("a Bearer client signs in, keeps favourites and signs out", async () => {
  const kept: (Tokens | null)[] = [];
  const person = client({ onTokens: (tokens) => kept.push(tokens) });
  await person.register({ email: "ts@example.com", password: "seven green umbrellas", name: "Ada" });
  await person.addFavorite(shop.productId);
  assert.deepEqual((await person.favorites()).map((each) => each.product_id), [shop.productId]);
  await person.removeFavorite(shop.productId);
  await person.signOut();
  assert.equal(kept.length, 2);
  assert.equal(kept[1], null);
  assert.ok(isProblem(await problemOf(person.me()), "not_authenticated"));
});

test("an expired token is refreshed once for requests that expire together, an upload among them", async () => {
  const counts = new Map<string, number>();
  const person = client({ tokens: shop.expired, fetch: counting(counts) });
  const [me, answer] = await Promise.all([person.me(), person.search({ image: picture })]);
  assert.equal(me.email, "eve@example.com");
  assert.ok(answer.results.length > 0);
  assert.equal(counts.get("/api/v1/auth/refresh"), 1);
  assert.notEqual(person.tokens!.access, shop.expired.access);
});

test("a refresh token that is refused ends the sign-in and is not tried again", async () => {
  const counts = new Map<string, number>();
  const tokens = { access: shop.expired.access, refresh: "no token" };
  const person = client({ tokens, fetch: counting(counts) });
  // What the shop says of the refresh token: sign in again.
  assert.ok(isProblem(await problemOf(person.me()), "token_invalid"));
  assert.equal(counts.get("/api/v1/auth/refresh"), 1);
  assert.equal(person.tokens, null);
});

test("a sign-in that was ended elsewhere is forgotten", async () => {
  const kept: (Tokens | null)[] = [];
  const who = { email: "ended-ts@example.com", password: "seven green umbrellas" };
  const phone = client({ onTokens: (tokens) => kept.push(tokens) });
  await phone.register({ ...who, name: "Ada" });
  const laptop = client();
  await laptop.signIn(who);
  const body = { password: who.password, new_password: "eight green umbrellas" };
  assert.ok((await laptop.api.POST("/api/v1/auth/password", { body })).response.ok);
  assert.ok(isProblem(await problemOf(phone.search({ text: shop.words })), "token_invalid"));
  assert.equal(kept.at(-1), null);
  assert.ok((await phone.search({ text: shop.words })).total > 0);
  await phone.signOut();
});

test("a search may be given up while its sign-in is refreshed", async () => {
  const never: typeof fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return pathname.endsWith("/auth/refresh") ? new Promise(() => undefined) : fetch(input, init);
  };
  const person = client({ tokens: shop.expired, fetch: never });
  assert.equal(await givenUp(person), "AbortError");
});

test("with cookies, requests carry the CSRF token, and the browser the rest", async () => {
  const jar = new CookieJar();
  const counts = new Map<string, number>();
  const person = client({ signIn: "cookies", fetch: counting(counts, jar.fetch) });
  await person.signIn(shop.staff);
  assert.equal(person.tokens, null);
  await person.addFavorite(shop.productId);
  assert.equal((await person.favorites()).length, 1);
  jar.set("access", shop.expired.access);
  await person.removeFavorite(shop.productId);
  assert.equal(counts.get("/api/v1/auth/refresh"), 1);
});

test("with cookies, a sign-in in another tab changes the CSRF token, and requests still arrive", async () => {
  const jar = new CookieJar();
  const tab = client({ signIn: "cookies", fetch: jar.fetch });
  await tab.signIn(shop.staff);
  await client({ signIn: "cookies", fetch: jar.fetch }).signIn(shop.staff);
  await tab.addFavorite(shop.productId);
  assert.equal((await tab.favorites()).length, 1);
  // The refresh of an expired sign-in is a POST too.
  await client({ signIn: "cookies", fetch: jar.fetch }).signIn(shop.staff);
  jar.set("access", shop.expired.access);
  await tab.removeFavorite(shop.productId);
  assert.deepEqual(await tab.favorites(), []);
});

test("an API key goes with every request", async () => {
  assert.ok((await client({ apiKey: shop.apiKey }).search({ text: shop.words })).total > 0);
  const wrong = client({ apiKey: "tandem_000000000000_" + "0".repeat(64) });
  assert.ok(isProblem(await problemOf(wrong.search({ text: shop.words })), "api_key_invalid"));
});

test("a search that was given up is not sent", async () => {
  const stopped = AbortSignal.abort();
  const error = await problemOf(client().search({ text: shop.words }, { signal: stopped }));
  assert.equal((error as Error).name, "AbortError");
});

test("a search can be given up on its way", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  try {
    const { port } = silent.address() as AddressInfo;
    assert.equal(await givenUp(client({ baseUrl: `http://127.0.0.1:${port}` })), "AbortError");
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});
