// Every operation through the functions of hey-api.
import { client } from "../generated/hey-api/client.gen.js";
import * as api from "../generated/hey-api/index.js";
import type { Alert } from "../generated/hey-api/index.js";
import { assert, checkAnswer, checkNextPage, good, checkDot, newPassword, password, picture, row, shop } from "./shop.js";

let access = "";
client.setConfig({ baseUrl: shop.url, auth: (scheme) => (scheme.scheme === "bearer" ? access : undefined) });
const server = (scheme: { name?: string }) => (scheme.name === "X-API-Key" ? shop.apiKey : undefined);

// People
const email = "hey-api@example.com";
good(await api.register({ body: { email, password, name: "Ada", tokens: "body" } }));
let pair = good(await api.login({ body: { email, password, tokens: "body" } }));
pair = good(await api.refreshTokens({ body: { refresh: pair.refresh! } }));
access = pair.access!;
assert.equal(good(await api.updateAccount({ body: { name: "Ada L." } })).name, "Ada L.");
assert.equal(good(await api.getAccount()).email, email);

// Searches
const query = { text: shop.words, top_k: 3 };
const words = good(await api.searchByText({ body: query }));
checkAnswer(words, /red/i);
checkNextPage(words, good(await api.searchByText({ body: { query_id: words.query_id, offset: words.next_offset! } })));
const uploaded = good(await api.searchByImage({ body: { image: picture, colour: ["Blue", "Red"] } }));
checkAnswer(uploaded, /blue/i);
const image_id = uploaded.image_id!;
checkAnswer(good(await api.recommend({ body: { ...query, image: picture, weight: 1 } })), /blue/i);
checkAnswer(good(await api.recommend({ body: { ...query, image_id, weight: 0 } })), /red/i);
const first = words.results[0]!;
const click = { query_id: words.query_id, product_id: first.product.id, position: first.rank };
good(await api.recordClick({ body: click }));
assert.ok(good(await api.suggest({ query: { q: "dre" } })).suggestions.length > 0);
const several = good(await api.multiSearch({ body: { queries: [query, { text: "blue" }] } }));
assert.deepEqual(several.results.map((each) => each.status), [200, 200]);
good(await api.deleteQueryImage({ path: { image_id } }));

// Catalogue
const path = { product_id: shop.productId };
assert.equal(good(await api.getProduct({ path })).id, shop.productId);
assert.equal(good(await api.listSimilarProducts({ path, query: { top_k: 4 } })).results.length, 4);
const look = good(await api.completeTheLook({ path, query: { top_k: 3 } }));
assert.ok(look.results.length <= 3 && look.results.every((piece) => piece.product.id !== look.product_id));
assert.equal(good(await api.listProducts({ query: { colour: ["Red", "Green"], top_k: 5 } })).results.length, 5);
assert.ok(good(await api.listProblems()).length > 10);

// Servers, by API key
const own = { query: { source: "api_hey" }, auth: server };
const made = good(await api.upsertProducts({ body: { products: [row] }, ...own }));
assert.deepEqual([made.created, made.results[0]!.status], [1, "created"]);
assert.equal(good(await api.updateOffers({ body: { offers: [{ id: row.id, price: "9.00" }] }, ...own })).updated, 1);
assert.deepEqual(good(await api.listCatalogue(own)).results.map((each) => each.price), ["9.00"]);
const removal = { query: { source: "api_hey", force: true }, auth: server };
assert.equal(good(await api.deleteProducts({ body: { products: [{ id: row.id }] }, ...removal })).deleted, 1);

// Events
const event = { type: "basket" as const, product_id: shop.productId, session: shop.session };
const recorded = await api.recordEvents({ body: [{ ...event, event_id: "hey-1" }, event], auth: server });
assert.equal(good(recorded).kept, 2);
assert.equal(good(await api.recordEvents({ body: { ...event, event_id: "hey-1" }, auth: server })).known, 1);
await checkDot(good(await api.recordEventByPixel({ query: shop.pixel })));
good(await api.forgetSession({ body: { session: shop.session } }));

// Alerts
const wish = { kind: "price_below" as const, product_id: shop.productId, price: "5.00" };
const alert = good(await api.askForAlert({ body: wish })) as Alert;
const search = { kind: "new_finds" as const, text: shop.words, colour: ["Red"] };
const saved = good(await api.askForAlert({ body: search })) as Alert;
assert.equal(saved.query["text"], shop.words);
assert.deepEqual(good(await api.listAlerts()).map((each) => each.price), [null, "5.00"]);
good(await api.deleteAlert({ path: { alert_id: alert.id } }));
good(await api.confirmAlert({ body: { token: shop.alert.confirm } }));
good(await api.stopAlert({ body: { token: shop.alert.stop } }));

// Favourites
good(await api.addFavorite({ body: path }));
const kept = good(await api.listFavorites({ query: { cards: true } }));
assert.deepEqual(kept.map((each) => each.product_id), [shop.productId]);
good(await api.removeFavorite({ path }));

// The account's end
assert.ok(good(await api.listSignIns()).some((each) => each.current));
good(await api.endSignIns({ body: { password } }));
assert.equal(good(await api.exportAccount()).account.email, email);
access = good(await api.changePassword({ body: { password, new_password: newPassword, tokens: "body" } })).access!;
const wrong = await api.deleteAccount({ body: { password: "wrong" } });
assert.equal(wrong.error?.code, "password_wrong");
good(await api.deleteAccount({ body: { password: newPassword } }));
access = "";
good(await api.requestPasswordReset({ body: { email } }));
good(await api.resetPassword({ body: { ...shop.reset, new_password: newPassword } }));

// Staff
access = good(await api.login({ body: { ...shop.staff, tokens: "body" } })).access!;
assert.equal(good(await api.getStats({ query: { days: 7 } })).days, 7);
good(await api.logout({ body: {} }));
