// Every operation through openapi-typescript's types and openapi-fetch.
import createClient from "openapi-fetch";
import type { paths } from "../generated/openapi-typescript/schema.js";
import { assert, checkAnswer, checkNextPage, good, checkDot, newPassword, password, picture, row, shop } from "./shop.js";

let access = "";
const api = createClient<paths>({ baseUrl: shop.url, querySerializer: { array: { style: "form", explode: true } } });
api.use({
  onRequest({ request }) {
    if (access) request.headers.set("Authorization", `Bearer ${access}`);
    return request;
  },
});

function form(body: unknown): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(body as object)) {
    for (const each of Array.isArray(value) ? value : [value]) data.append(name, each instanceof Blob ? each : String(each));
  }
  return data;
}

// The types know no binary string but a string.
const image = picture as unknown as string;

// People
const email = "openapi-fetch@example.com";
good(await api.POST("/api/v1/auth/register", { body: { email, password, name: "Ada", tokens: "body" } }));
let pair = good(await api.POST("/api/v1/auth/login", { body: { email, password, tokens: "body" } }));
pair = good(await api.POST("/api/v1/auth/refresh", { body: { refresh: pair.refresh! } }));
access = pair.access!;
assert.equal(good(await api.PATCH("/api/v1/auth/me", { body: { name: "Ada L." } })).name, "Ada L.");
assert.equal(good(await api.GET("/api/v1/auth/me")).email, email);

// Searches
const query = { text: shop.words, top_k: 3 };
const words = good(await api.POST("/api/v1/text-search", { body: query }));
checkAnswer(words, /red/i);
const next = { query_id: words.query_id, offset: words.next_offset! };
checkNextPage(words, good(await api.POST("/api/v1/text-search", { body: next })));
const uploaded = await api.POST("/api/v1/image-search", { body: { image, colour: ["Blue", "Red"] }, bodySerializer: form });
checkAnswer(good(uploaded), /blue/i);
const image_id = good(uploaded).image_id!;
const both = { ...query, image, weight: 1, sort: "relevance" as const };
checkAnswer(good(await api.POST("/api/v1/recommend", { body: both, bodySerializer: form })), /blue/i);
checkAnswer(good(await api.POST("/api/v1/recommend", { body: { ...query, image_id, weight: 0 } })), /red/i);
const first = words.results[0]!;
const click = { query_id: words.query_id, product_id: first.product.id, position: first.rank };
good(await api.POST("/api/v1/events/click", { body: click }));
assert.ok(good(await api.GET("/api/v1/suggest", { params: { query: { q: "dre" } } })).suggestions.length > 0);
const several = good(await api.POST("/api/v1/multi-search", { body: { queries: [query, { text: "blue" }] } }));
assert.deepEqual(several.results.map((each) => each.status), [200, 200]);
good(await api.DELETE("/api/v1/query-images/{image_id}", { params: { path: { image_id } } }));

// Catalogue
const path = { product_id: shop.productId };
assert.equal(good(await api.GET("/api/v1/product/{product_id}", { params: { path } })).id, shop.productId);
const similar = good(await api.GET("/api/v1/similar-products/{product_id}", { params: { path, query: { top_k: 4 } } }));
assert.equal(similar.results.length, 4);
const look = good(await api.GET("/api/v1/complete-the-look/{product_id}", { params: { path, query: { top_k: 3 } } }));
assert.ok(look.results.length <= 3 && look.results.every((piece) => piece.product.id !== look.product_id));
const listed = good(await api.GET("/api/v1/products", { params: { query: { colour: ["Red", "Green"], top_k: 5 } } }));
assert.equal(listed.results.length, 5);
assert.ok(good(await api.GET("/api/v1/problems")).length > 10);

// Servers, by API key
const headers = { "X-API-Key": shop.apiKey };
const own = { params: { query: { source: "api_fetch" } }, headers };
const made = good(await api.POST("/api/v1/catalogue/products", { body: { products: [row] }, ...own }));
assert.deepEqual([made.created, made.results[0]!.status], [1, "created"]);
const offers = [{ id: row.id, price: "9.00" }];
assert.equal(good(await api.POST("/api/v1/catalogue/offers", { body: { offers }, ...own })).updated, 1);
const stocked = good(await api.GET("/api/v1/catalogue/products", own));
assert.deepEqual(stocked.results.map((each) => each.price), ["9.00"]);
const removal = { params: { query: { source: "api_fetch", force: true } }, headers };
const gone = await api.POST("/api/v1/catalogue/products/delete", { body: { products: [{ id: row.id }] }, ...removal });
assert.equal(good(gone).deleted, 1);

// Events
const event = { type: "basket" as const, product_id: shop.productId, session: shop.session };
const recorded = await api.POST("/api/v1/events", { body: [{ ...event, event_id: "fetch-1" }, event], headers });
assert.equal(good(recorded).kept, 2);
const again = await api.POST("/api/v1/events", { body: { ...event, event_id: "fetch-1" }, headers });
assert.equal(good(again).known, 1);
await checkDot(good(await api.GET("/api/v1/events/pixel.gif", { params: { query: shop.pixel }, parseAs: "blob" })));
good(await api.POST("/api/v1/session/forget", { body: { session: shop.session } }));

// Alerts
const wish = { kind: "price_below" as const, product_id: shop.productId, price: "5.00" };
const alert = good(await api.POST("/api/v1/alerts", { body: wish }));
const search = { kind: "new_finds" as const, text: shop.words, colour: ["Red"] };
assert.equal(good(await api.POST("/api/v1/alerts", { body: search })).query["text"], shop.words);
const alerts = good(await api.GET("/api/v1/alerts"));
assert.deepEqual(alerts.map((each) => each.price), [null, "5.00"]);
good(await api.DELETE("/api/v1/alerts/{alert_id}", { params: { path: { alert_id: alert.id } } }));
good(await api.POST("/api/v1/alerts/confirm", { body: { token: shop.alert.confirm } }));
good(await api.POST("/api/v1/alerts/stop", { body: { token: shop.alert.stop } }));

// Favourites
good(await api.POST("/api/v1/favorites", { body: path }));
const kept = good(await api.GET("/api/v1/favorites", { params: { query: { cards: true } } }));
assert.deepEqual(kept.map((each) => each.product_id), [shop.productId]);
good(await api.DELETE("/api/v1/favorites/{product_id}", { params: { path } }));

// The account's end
assert.ok(good(await api.GET("/api/v1/auth/sign-ins")).some((each) => each.current));
good(await api.POST("/api/v1/auth/sign-ins/end", { body: { password } }));
assert.equal(good(await api.GET("/api/v1/auth/export")).account.email, email);
const changed = { password, new_password: newPassword, tokens: "body" as const };
access = good(await api.POST("/api/v1/auth/password", { body: changed })).access!;
const wrong = await api.POST("/api/v1/auth/delete", { body: { password: "wrong" } });
assert.equal(wrong.error?.code, "password_wrong");
good(await api.POST("/api/v1/auth/delete", { body: { password: newPassword } }));
access = "";
good(await api.POST("/api/v1/auth/forgot", { body: { email } }));
good(await api.POST("/api/v1/auth/reset", { body: { ...shop.reset, new_password: newPassword } }));

// Staff
access = good(await api.POST("/api/v1/auth/login", { body: { ...shop.staff, tokens: "body" } })).access!;
assert.equal(good(await api.GET("/api/v1/admin/stats", { params: { query: { days: 7 } } })).days, 7);
good(await api.POST("/api/v1/auth/logout", { body: {} }));
