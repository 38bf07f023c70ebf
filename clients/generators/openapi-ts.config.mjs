import { readFileSync } from "node:fs";
import { oneBody } from "./one_body.cjs";

export default {
  input: oneBody(JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"))),
  output: "generated/hey-api",
};
