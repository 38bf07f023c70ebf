// The served shop of a run, as TANDEM_SHOP describes it, and what every scenario checks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export interface Shop {
  url: string;
  /** A JPEG of something blue. */
  picture: string;
  /** Words that find products, and a product among them. */
  words: string;
  productId: string;
  /** With the scopes search, catalogue and events. */
  apiKey: string;
  staff: { email: string; password: string };
  /** An account whose password is reset with the two parts of its link. */
  reset: { uid: string; token: string };
  /** The name of a visitor's session. */
  session: string;
  /** A line of an order, signed for the pixel. */
  pixel: { type: "purchase"; event_id: string; product_id: string; session: string; signature: string };
  /** The tokens of a guest's mails about an alert that was asked for. */
  alert: { confirm: string; stop: string };
}

export const shop: Shop = JSON.parse(process.env["TANDEM_SHOP"] ?? "{}");
export const picture = new File([readFileSync(shop.picture)], "blue.jpg", { type: "image/jpeg" });
export const password = "seven green umbrellas";
export const newPassword = "eight yellow umbrellas";

/** The data of an answer, or the problem as an error. */
export function good<T>(answer: { data?: T; error?: unknown; response?: Response }): NonNullable<T> {
  assert.ok(answer.response?.ok, `${answer.response?.url}: ${JSON.stringify(answer.error)}`);
  return answer.data as NonNullable<T>;
}

interface Answer {
  query_id: string;
  total: number;
  next_offset: number | null;
  results: { product: { id: string; title: string } }[];
}

export function checkAnswer(answer: Answer, colour: RegExp): void {
  assert.ok(answer.total >= answer.results.length && answer.results.length > 0);
  assert.match(answer.results[0]!.product.title, colour);
}

export function checkNextPage(first: Answer, second: Answer): void {
  const seen = new Set(first.results.map((hit) => hit.product.id));
  assert.ok(second.results.length > 0 && second.results.every((hit) => !seen.has(hit.product.id)));
}

/** A product of the shop's system, for the operations of its servers. */
export const row = { id: "jumper", title: "Yellow jumper", category: "Apparel > Jumper", price: "12.00", currency: "EUR", quantity: 3 };

export async function checkDot(dot: unknown): Promise<void> {
  assert.ok(dot instanceof Blob);
  assert.match(await dot.text(), /^GIF89a/);
}

export { assert };
