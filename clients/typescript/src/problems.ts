import { CODES } from "./generated/codes.js";
import type { components } from "./generated/schema.js";

export { CODES };

export type Problem = components["schemas"]["Problem"];
/** A code that this version knows, or any that the shop has added since. */
export type Code = (typeof CODES)[number] | (string & {});

/** A refusal of the shop (RFC 9457). Decide by `code`; `message` is for people, in the language of the request. */
export class TandemProblem extends Error {
  override readonly name = "TandemProblem";
  readonly code: Code;
  readonly status: number;
  /** Codes and sentences by field, where fields are to blame. */
  readonly errors: NonNullable<Problem["errors"]>;
  /** Seconds until another try is worth while, for 429 and 503. */
  readonly retryAfter: number | null;

  constructor(problem: Partial<Problem> | undefined, response: Response) {
    super(problem?.detail ?? `The shop answered ${response.status}.`);
    // A proxy in between may answer with a page of its own.
    this.code = problem?.code ?? "unknown";
    this.status = response.status;
    this.errors = problem?.errors ?? {};
    // A proxy may send a date instead.
    const wait = response.headers.get("Retry-After") ?? "";
    this.retryAfter = /^\d+$/.test(wait) ? Number(wait) : null;
  }
}

export function isProblem(error: unknown, code?: Code): error is TandemProblem {
  return error instanceof TandemProblem && (code === undefined || error.code === code);
}

/** The data of an answer of openapi-fetch. Throws TandemProblem. */
export function orThrow<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (!answer.response.ok) {
    const { error } = answer;
    throw new TandemProblem(typeof error === "object" && error !== null ? error : undefined, answer.response);
  }
  return answer.data as T;
}
