import type { IncomingHttpHeaders } from "node:http";

/** https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1, and what a body that was read in advance no longer needs. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "http2-settings",
  "proxy-authenticate",
  "proxy-authorization",
  "expect",
  "content-length",
]);

/**
 * What only an edge or Next itself may say: where a request came from, which path it meant, what a proxy before the page
 * decided. From a client it would be believed. `x-nonce`, `x-area` and `x-onekey-account` are ours (proxy.ts sets them).
 */
const INTERNAL = new Set([
  "forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-host",
  "x-nonce",
  "x-area",
  "x-onekey-account",
  "x-matched-path",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "x-rewrite-url",
  "x-prerender-revalidate",
  "x-prerender-revalidate-if-generated",
  "next-resume",
  "content-security-policy",
  "content-security-policy-report-only",
  "x-url-scheme",
]);
const INTERNAL_PREFIXES = [
  "x-forwarded-",
  "x-original-",
  "x-middleware-",
  "x-nextjs-",
  "x-next-",
  "x-invoke-",
  "x-now-",
  "x-action-",
  "x-vercel-",
  "x-output-",
  "x-opennext-",
];

/**
 * The headers with which a request goes to the page thread: the client's, without those of its connection (RFC 9110 §7.6.1)
 * and those that pages believe; then ours.
 */
export function pageRequestHeaders(
  headers: IncomingHttpHeaders,
  ownHeaders: Record<string, string>,
): Record<string, string | string[]> {
  const hopByHop = new Set(
    (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase()),
  );
  const forwardHeaders: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || INTERNAL.has(name)) continue;
    // Naming Host or Origin must not take away what the page's own checks read.
    if (hopByHop.has(name) && name !== "host" && name !== "origin") continue;
    if (INTERNAL_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
    forwardHeaders[name] = value;
  }
  return { ...forwardHeaders, ...ownHeaders };
}

/** A page's response headers in the order they came, without those of its connection to the page thread. */
export function pageResponseHeaders(raw: string[]): string[] {
  const pairs: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const lowerCase = name.toLowerCase();
    if (lowerCase !== "content-length" && HOP_BY_HOP.has(lowerCase)) continue;
    pairs.push(name, raw[i + 1] ?? "");
  }
  return pairs;
}
