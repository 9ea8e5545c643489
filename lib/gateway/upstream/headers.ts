import type { Provider } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { isWellFormedKey, MANAGEMENT_PREFIX } from "@/lib/ids";
import { providerRecord } from "@/lib/providers";
import { SAME_PATH } from "@/lib/providers/schema";
import { headerOf, type Exchange } from "../exchange";
import type { Endpoint } from "../request/endpoints";

/** What a provider may need of the client's headers; nothing else (cookies, addresses, credentials, account choosers) is forwarded. */
const FORWARDED = new Set([
  "content-type",
  "content-encoding",
  "accept",
  "accept-encoding",
  "accept-language",
  "user-agent",
  "anthropic-beta",
  "anthropic-version",
  "openai-beta",
  "x-grok-conv-id",
  "x-goog-api-client",
  "x-client-request-id",
]);
const FORWARDED_PREFIX = "x-stainless-";

/** The encodings that the meter decodes: a response in another one could not be metered, and would be billed by an estimate. */
const READABLE_ENCODING = /^(gzip|x-gzip|deflate|br|identity)$/i;

/** What a client needs of the provider's headers. */
const RETURNED = new Set([
  "content-type",
  "content-encoding",
  "content-length",
  "content-disposition",
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
  "request-id",
  "x-request-id",
  "openai-processing-ms",
  "openai-version",
  "openai-model",
  "anthropic-ratelimit-input-tokens-limit",
  "vary",
]);

/** The key that a request presents, from the four places where clients put one; throws invalid_key for none or a malformed one. */
export function presentedKey(exchange: Exchange): string {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headerOf(exchange, "authorization") ?? "")?.[1];
  if (bearer && isWellFormedKey(bearer)) return bearer;
  const query = exchange.query.includes("key=")
    ? new URLSearchParams(exchange.query).get("key")
    : null;
  const candidates = [
    bearer,
    headerOf(exchange, "x-api-key"),
    headerOf(exchange, "x-goog-api-key"),
    query,
  ];
  const keys = candidates.filter((key): key is string => typeof key === "string" && key !== "");
  const key = keys.find((value) => isWellFormedKey(value.trim()));
  if (key) return key.trim();
  if (keys.some((value) => value.trim().startsWith(MANAGEMENT_PREFIX)))
    throw new AppError(
      "forbidden",
      "A management key cannot call models. Send a key of a project, or use /v1/manage.",
    );
  const message =
    keys.length === 0
      ? "No API key was sent. Put your OneKey key in the Authorization, x-api-key or x-goog-api-key header."
      : "This is not a OneKey key, or it was mistyped: keys begin with sk-onekey- and end with a checksum.";
  throw new AppError("invalid_key", message, {
    headers: { "www-authenticate": 'Bearer realm="OneKey"' },
  });
}

/** The headers that go to the provider: an allow-list less whatever `Connection` names (RFC 9110 §7.6.1), and our credential. */
export function upstreamHeaders(
  exchange: Pick<Exchange, "headers">,
  provider: Provider,
  isCompatible: boolean,
  credential: string,
): Record<string, string> {
  const connection = headerOf(exchange, "connection");
  const connectionHeaders =
    connection === undefined
      ? null
      : connection.split(",").map((name) => name.trim().toLowerCase());
  const headers: Record<string, string> = {};
  for (const name in exchange.headers) {
    if (!FORWARDED.has(name) && !name.startsWith(FORWARDED_PREFIX)) continue;
    const value = headerOf(exchange, name);
    if (value !== undefined && !connectionHeaders?.includes(name)) headers[name] = value;
  }
  const record = providerRecord(provider);
  record.adjustHeaders?.(headers);
  headers["accept-encoding"] = readableEncodings(headers["accept-encoding"] ?? "");
  if (!isCompatible)
    for (const name in record.defaultHeaders) headers[name] ??= record.defaultHeaders[name] ?? "";
  return Object.assign(headers, record.credentialHeaders(credential, isCompatible));
}

/** The encodings that a client accepts and the meter decodes, as they were written; "identity" where there is none. */
function readableEncodings(acceptEncoding: string): string {
  const all = acceptEncoding.split(",");
  const readable = all.filter((value) => {
    const [name = "", ...parameters] = value.split(";").map((part) => part.trim());
    return (
      READABLE_ENCODING.test(name) &&
      !parameters.some((parameter) => /^q=0(\.0*)?$/i.test(parameter))
    );
  });
  if (readable.length === all.length) return acceptEncoding;
  return readable.map((value) => value.trim()).join(", ") || "identity";
}

/** The provider's headers that go back, by allow-list, with our request id. */
export function clientHeaders(
  upstream: Record<string, string | string[] | undefined>,
  requestId: string,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {
    "x-onekey-request-id": requestId,
    "cache-control": "no-store",
  };
  for (const name in upstream) {
    const value = upstream[name];
    if (value !== undefined && RETURNED.has(name)) headers[name] = value;
  }
  const type = headers["content-type"];
  if (typeof type === "string" && type.startsWith("text/event-stream"))
    headers["x-accel-buffering"] = "no";
  return headers;
}

/** The query that goes on: all but `key`, as it was written. */
export function upstreamQuery(query: string): string {
  if (query === "") return "";
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "" && !new URLSearchParams(pair).has("key"));
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** Where an endpoint is at a provider, below its base URL. Throws for one that the provider does not serve: the quote checks it. */
export function upstreamPath(provider: Provider, { name, path }: Endpoint): string {
  const providerPath = providerRecord(provider).paths[name];
  const target = providerPath === SAME_PATH ? path : providerPath;
  if (target === undefined) throw new RangeError(`${provider} does not serve ${name}.`);
  return target;
}
