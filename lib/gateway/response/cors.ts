import { headerOf, type Exchange } from "../exchange";

/** What scripts may read of a response besides the headers that every script may. */
const EXPOSED =
  "x-onekey-request-id, x-onekey-max-cost, x-onekey-cost, request-id, x-request-id, retry-after, retry-after-ms, x-should-retry, " +
  ["requests", "credits", "concurrent-requests"]
    .flatMap((kind) => ["limit", "remaining", "reset"].map((name) => `x-ratelimit-${name}-${kind}`))
    .join(", ");
const METHODS = "GET, HEAD, POST, DELETE, OPTIONS";
/** A list of header names, as a browser sends them. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/;
/** Browsers keep a preflight's result for two hours at most. */
const MAX_AGE_S = "7200";

/**
 * Lets scripts of any website read the responses to their requests, as the providers do. A key is sent in a header that
 * the script sets, never automatically by the browser, so a website without a key learns nothing: credentials are not allowed.
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowOrigins(exchange: Exchange): Exchange {
  if (headerOf(exchange, "origin") === undefined) return exchange;
  return {
    ...exchange,
    head: (status, headers) =>
      exchange.head(status, {
        ...headers,
        "access-control-allow-origin": "*",
        "access-control-expose-headers": EXPOSED,
      }),
  };
}

/** Responds to OPTIONS, which has no key: a browser sends it to learn whether a script may send its request. */
export function servePreflight(exchange: Exchange, requestId: string): void {
  const requestHeaders = headerOf(exchange, "access-control-request-headers") ?? "";
  const isPreflight = headerOf(exchange, "access-control-request-method") !== undefined;
  exchange.head(204, {
    allow: METHODS,
    "cache-control": "no-store",
    "x-onekey-request-id": requestId,
    ...(isPreflight
      ? {
          "access-control-allow-methods": METHODS,
          // The wildcard would leave `authorization` out.
          "access-control-allow-headers": HEADER_NAMES.test(requestHeaders)
            ? requestHeaders
            : "authorization, content-type",
          "access-control-max-age": MAX_AGE_S,
          vary: "access-control-request-headers",
        }
      : {}),
  });
  exchange.end();
}
