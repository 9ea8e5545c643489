import { AppError } from "@/lib/errors";
import type { Dialect } from "./endpoints";

/** What a query may say beside the key, and with which values. */
const SERVED: Record<Dialect, Record<string, RegExp>> = {
  openai: {},
  anthropic: { beta: /^(true|false)$/ },
  gemini: { alt: /^(sse|json)$/, prettyPrint: /^(true|false)$/ },
};

/**
 * Refuses what a provider might obey and we would not see: Google takes a credential (`access_token`), the fields to leave
 * out of an answer (`fields`, the usage among them) and another encoding (`alt=proto`) from the query.
 * https://cloud.google.com/apis/docs/system-parameters
 */
export function checkQuery(query: string, dialect: Dialect): void {
  if (query === "") return;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "key" || SERVED[dialect][name]?.test(value)) continue;
    throw new AppError(
      "bad_request",
      `The query parameter ${JSON.stringify(name.slice(0, 64))} is not served here with this value: leave it out.`,
      { param: name.slice(0, 64) },
    );
  }
}
