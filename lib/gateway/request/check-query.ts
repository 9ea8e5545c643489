import { AppError } from "@/lib/errors";
import type { Dialect } from "./endpoints";

/** The query parameters that are supported in addition to the key, and their values. */
const SUPPORTED: Record<Dialect, Record<string, RegExp>> = {
  openai: {},
  anthropic: { beta: /^(true|false)$/ },
  gemini: { alt: /^(sse|json)$/, prettyPrint: /^(true|false)$/ },
};

/**
 * Throws bad_request for parameters that a provider might obey and OneKey would not see: Google takes a credential
 * (`access_token`), the fields of a response (`fields`, which may leave out the usage) and another encoding (`alt=proto`)
 * from the query.
 * https://cloud.google.com/apis/docs/system-parameters
 */
export function checkQuery(query: string, dialect: Dialect): void {
  if (query === "") return;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "key" || SUPPORTED[dialect][name]?.test(value)) continue;
    throw new AppError(
      "bad_request",
      `The query parameter ${JSON.stringify(name.slice(0, 64))} is not supported with this value. Leave it out.`,
      { param: name.slice(0, 64) },
    );
  }
}
