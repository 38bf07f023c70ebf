// Writes src/generated/ from the OpenAPI document: its types, and the codes of its problems.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const at = (path) => new URL(path, import.meta.url);
const document = JSON.parse(readFileSync(at("../../openapi.json"), "utf8"));
const { version } = JSON.parse(readFileSync(at("../package.json"), "utf8"));
if (version !== document.info.version) {
  throw new Error(`The package is ${version}, the API ${document.info.version}: they have the same version.`);
}

const BLOB = ts.factory.createTypeReferenceNode(ts.factory.createIdentifier("Blob"));
const types = await openapiTS(document, {
  // A default says what the shop does without the field, not that the field is always sent.
  defaultNonNullable: false,
  transform: (schema) => (schema.format === "binary" ? BLOB : undefined),
});
const codes = document.components.schemas.Problem.properties.code["x-extensible-enum"];

mkdirSync(at("../src/generated/"), { recursive: true });
writeFileSync(at("../src/generated/schema.ts"), astToString(types));
writeFileSync(
  at("../src/generated/codes.ts"),
  `/** The codes of this version; further ones may be added. */\nexport const CODES = ${JSON.stringify(codes, null, 2)} as const;\n`,
);
