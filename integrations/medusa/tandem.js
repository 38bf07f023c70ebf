// A Medusa v2 subscriber that tells Tandem which products changed. Copy it to src/subscribers/tandem.js and set
// TANDEM_WEBHOOK_URL and TANDEM_WEBHOOK_SECRET in Medusa's environment (README.md).
"use strict";

const { createHmac } = require("node:crypto");

const TRY_AFTER_MS = [1_000, 5_000, 25_000];
const TIMEOUT_MS = 10_000;

// How the id of each event's record leads to product ids, in the terms of Medusa's query.graph().
const PATHS = {
  product: null,
  "product-variant": [["product_variant", "product_id"]],
  "inventory-level": [["inventory_level", "inventory_item_id"], ["inventory_item", "variants.product_id"]],
  "inventory.reservation-item": [["reservation_item", "inventory_item_id"], ["inventory_item", "variants.product_id"]],
  // Price lists change prices without touching a variant.
  "pricing.price": [["price", "price_set_id"], ["price_set", "variant.product_id"]],
};

async function tellTandem({ event, container }) {
  const url = process.env.TANDEM_WEBHOOK_URL;
  const secret = process.env.TANDEM_WEBHOOK_SECRET;
  if (!url || !secret) return;
  const stated = Array.isArray(event.data) ? event.data : [event.data];
  let ids = stated.map((record) => record.id).filter(Boolean);
  const query = container.resolve("query");
  for (const [entity, field] of PATHS[event.name.slice(0, event.name.lastIndexOf("."))] ?? []) {
    ids = await follow(query, entity, ids, field);
  }
  // One that fails does not keep the others from being told.
  const failures = [];
  for (const id of ids) await deliver(url, secret, id).catch((error) => failures.push(error.message));
  if (failures.length) throw new Error(failures.join(" "));
}

async function follow(query, entity, ids, field) {
  if (!ids.length) return [];
  // A record that was deleted still says whose it was.
  const { data } = await query.graph({ entity, fields: [field], filters: { id: ids }, withDeleted: true });
  const values = data.flatMap((record) => valuesAt(record, field.split(".")));
  return [...new Set(values.filter(Boolean))];
}

function valuesAt(record, [name, ...rest]) {
  const value = record?.[name];
  if (!rest.length) return [value];
  return [value].flat().flatMap((each) => valuesAt(each, rest));
}

async function deliver(url, secret, id) {
  const body = JSON.stringify({ id });
  const headers = {
    "Content-Type": "application/json",
    "X-Tandem-Topic": "product.changed",
    "X-Tandem-Signature": createHmac("sha256", secret).update(body).digest("base64"),
  };
  for (let attempt = 0; ; attempt++) {
    const problem = await post(url, headers, body);
    if (!problem) return;
    // A queue such as Redis's tries the event again; else Tandem's hourly crawl makes up for it.
    if (attempt === TRY_AFTER_MS.length) throw new Error(`Tandem did not take the change of ${id}: ${problem}`);
    await new Promise((done) => setTimeout(done, TRY_AFTER_MS[attempt]));
  }
}

async function post(url, headers, body) {
  try {
    const options = { method: "POST", headers, body, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) };
    const answer = await fetch(url, options);
    return answer.ok ? "" : `it answered ${answer.status}.`;
  } catch (error) {
    return error.message;
  }
}

exports.default = tellTandem;
exports.config = {
  event: Object.keys(PATHS).flatMap((name) => ["created", "updated", "deleted"].map((action) => `${name}.${action}`)),
};
