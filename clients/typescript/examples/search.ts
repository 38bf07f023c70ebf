// node dist/examples/search.js http://127.0.0.1:8000 photo.jpg "in red"
import { openAsBlob } from "node:fs";
import { isProblem, Tandem } from "../src/index.js";

const [baseUrl = "http://127.0.0.1:8000", picture, text = "red dress"] = process.argv.slice(2);
const shop = new Tandem({ baseUrl, language: "en" });

try {
  const image = picture ? await openAsBlob(picture, { type: "image/jpeg" }) : undefined;
  const answer = await shop.search({ text, ...(image && { image, weight: 0.6 }), price_max: "100.00", top_k: 10 });
  for (const { rank, score, product } of answer.results) {
    console.log(rank, score.toFixed(2), product.title, product.price, product.currency);
  }
} catch (error) {
  if (!isProblem(error, "too_many_requests")) throw error;
  console.log(`Too many requests; try again in ${error.retryAfter} seconds.`);
}
