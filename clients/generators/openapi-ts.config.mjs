import { readFileSync } from "node:fs";
import { formsOnly } from "./forms_only.cjs";

export default {
  input: formsOnly(JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"))),
  output: "generated/hey-api",
};
