export { CODES, isProblem, TandemProblem, type Code, type Problem } from "./problems.js";
export type { Credentials, Tokens } from "./session.js";
export { Tandem, type Answer, type Hit, type Options, type Person, type Product, type ProductCard, type Query } from "./tandem.js";
export type { components, operations, paths } from "./generated/schema.js";
