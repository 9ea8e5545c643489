import type { ErrorEnvelope } from "./schema";

const EMPTY: ErrorEnvelope = { message: "", type: "", code: "", param: "", details: [] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** Reads the error out of a body in any of the providers' shapes; empty for a body without one. */
export function readEnvelope(body: string): ErrorEnvelope {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return EMPTY;
  }
  // Google's OpenAI-compatible endpoint wraps its error in a list.
  const outer: unknown = Array.isArray(json) ? json[0] : json;
  if (!isObject(outer)) return EMPTY;
  // xAI's error is often a text, with its code next to it.
  if (typeof outer.error === "string")
    return { ...EMPTY, message: outer.error, code: textOf(outer.code) };
  const error = isObject(outer.error) ? outer.error : outer;
  const details = Array.isArray(error.details) ? error.details : [error.details];
  return {
    message: textOf(error.message),
    type: textOf(error.type ?? error.status),
    code: textOf(error.code),
    param: textOf(error.param),
    details: details.filter(isObject),
  };
}
