// Every operation through the functions of orval.
import * as api from "../generated/orval/client.js";
import { Refused, signedIn } from "./orval_fetch.js";
import { assert, checkAnswer, checkNextPage, checkDot, newPassword, password, picture, row, shop } from "./shop.js";

// People
const email = "orval@example.com";
await api.register({ email, password, name: "Ada", tokens: "body" });
let pair = await api.login({ email, password, tokens: "body" });
pair = await api.refreshTokens({ refresh: pair.refresh! });
signedIn.access = pair.access!;
assert.equal((await api.updateAccount({ name: "Ada L." })).name, "Ada L.");
assert.equal((await api.getAccount()).email, email);

// Searches
const query = { text: shop.words, top_k: 3 };
const words = await api.searchByText(query);
checkAnswer(words, /red/i);
checkNextPage(words, await api.searchByText({ query_id: words.query_id, offset: words.next_offset! }));
const uploaded = await api.searchByImage({ image: picture, colour: ["Blue", "Red"] });
checkAnswer(uploaded, /blue/i);
const image_id = uploaded.image_id!;
checkAnswer(await api.recommend({ ...query, image: picture, weight: 1 }), /blue/i);
checkAnswer(await api.recommend({ ...query, image_id, weight: 0 }), /red/i);
const first = words.results[0]!;
await api.recordClick({ query_id: words.query_id, product_id: first.product.id, position: first.rank });
assert.ok((await api.suggest({ q: "dre" })).suggestions.length > 0);
const several = await api.multiSearch({ queries: [query, { text: "blue" }] });
assert.deepEqual(several.results.map((each) => each.status), [200, 200]);
await api.deleteQueryImage(image_id);

// Catalogue
assert.equal((await api.getProduct(shop.productId)).id, shop.productId);
assert.equal((await api.listSimilarProducts(shop.productId, { top_k: 4 })).results.length, 4);
const look = await api.completeTheLook(shop.productId, { top_k: 3 });
assert.ok(look.results.length <= 3 && look.results.every((piece) => piece.product.id !== look.product_id));
assert.equal((await api.listProducts({ colour: ["Red", "Green"], top_k: 5 })).results.length, 5);
assert.ok((await api.listProblems()).length > 10);

// Servers, by API key
const own = { source: "api_orval" };
const server = { headers: { "X-API-Key": shop.apiKey } };
const made = await api.upsertProducts({ products: [row] }, own, server);
assert.deepEqual([made.created, made.results[0]!.status], [1, "created"]);
assert.equal((await api.updateOffers({ offers: [{ id: row.id, price: "9.00" }] }, own, server)).updated, 1);
assert.deepEqual((await api.listCatalogue(own, server)).results.map((each) => each.price), ["9.00"]);
const removal = { ...own, force: true };
assert.equal((await api.deleteProducts({ products: [{ id: row.id }] }, removal, server)).deleted, 1);

// Events
const event = { type: "basket" as const, product_id: shop.productId, session: shop.session };
assert.equal((await api.recordEvents([{ ...event, event_id: "orval-1" }, event], server)).kept, 2);
assert.equal((await api.recordEvents({ ...event, event_id: "orval-1" }, server)).known, 1);
await checkDot(await api.recordEventByPixel(shop.pixel));
await api.forgetSession({ session: shop.session });

// Alerts
const alert = await api.askForAlert({ kind: "price_below", product_id: shop.productId, price: "5.00" });
const search = await api.askForAlert({ kind: "new_finds", text: shop.words, colour: ["Red"] });
assert.ok(alert && search);
assert.equal(search.query["text"], shop.words);
assert.deepEqual((await api.listAlerts()).map((each) => each.price), [null, "5.00"]);
await api.deleteAlert(alert.id);
await api.confirmAlert({ token: shop.alert.confirm });
await api.stopAlert({ token: shop.alert.stop });

// Favourites
await api.addFavorite({ product_id: shop.productId });
const kept = await api.listFavorites({ cards: true });
assert.deepEqual(kept.map((each) => each.product_id), [shop.productId]);
await api.removeFavorite(shop.productId);

// The account's end
assert.ok((await api.listSignIns()).some((each) => each.current));
await api.endSignIns({ password });
assert.equal((await api.exportAccount()).account.email, email);
signedIn.access = (await api.changePassword({ password, new_password: newPassword, tokens: "body" })).access!;
const refusal = await api.deleteAccount({ password: "wrong" }).catch((error: unknown) => error);
assert.ok(refusal instanceof Refused && refusal.problem.code === "password_wrong");
await api.deleteAccount({ password: newPassword });
signedIn.access = "";
await api.requestPasswordReset({ email });
await api.resetPassword({ ...shop.reset, new_password: newPassword });

// Staff
signedIn.access = (await api.login({ ...shop.staff, tokens: "body" })).access!;
assert.equal((await api.getStats({ days: 7 })).days, 7);
await api.logout({});
