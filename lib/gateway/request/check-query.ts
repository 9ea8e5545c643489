import { AppError } from "@/lib/errors";
import type { Dialect } from "./endpoints";

/**
 * The query parameters that are forwarded, and their values. `$alt=json;enum-encoding=int` is sent by Google's generated REST
 * clients, `api-version` by clients of Azure; a provider decides what it does with them.
 */
const FORWARDED: Record<Dialect, Record<string, RegExp>> = {
  openai: { "api-version": /^[\w.-]{1,40}$/, beta: /^(true|false)$/ },
  anthropic: { beta: /^(true|false)$/ },
  gemini: {
    alt: /^(sse|json)$/,
    $alt: /^(sse|json)(;enum-encoding=int)?$/,
    prettyPrint: /^(true|false)$/,
    $prettyPrint: /^(true|false)$/,
  },
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
    if (name === "key" || FORWARDED[dialect][name]?.test(value)) continue;
    throw new AppError(
      "bad_request",
      `The query parameter ${JSON.stringify(name.slice(0, 64))} is not supported with this value. Leave it out.`,
      { param: name.slice(0, 64) },
    );
  }
}
