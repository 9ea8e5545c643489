import { findApiPath } from "@/lib/http/api-path";
import { headerOf, type Exchange } from "../exchange";

/** Responds with what a request to the endpoint in its query would cost: `POST /v1/quote?endpoint=/v1/messages`. */
export const QUOTE_PATH = "/v1/quote";
/** Makes a quote of a request to any endpoint. */
const QUOTE_HEADER = "x-onekey-quote";

export type RequestTarget = {
  exchange: Exchange;
  /** The path of the endpoint, as findApiPath gives it. */
  path: string;
  /** Whether the request only asks for its price: then nothing is forwarded, held or charged. */
  isQuote: boolean;
};

/** Whether the header asks for a quote. Any value of it but "0" does: a misspelled one must not cost money. */
export function asksForQuote(exchange: Pick<Exchange, "headers">): boolean {
  const header = headerOf(exchange, QUOTE_HEADER)?.trim() ?? "";
  return header !== "" && header !== "0";
}

/**
 * The endpoint that a request means. A request for a quote is read as the request that it asks the price of, so that both are
 * checked and priced by the same code.
 */
export function findTarget(incoming: Exchange): RequestTarget {
  const path = findApiPath(incoming.path, incoming.headers) ?? incoming.path;
  const target = { exchange: incoming, path, isQuote: asksForQuote(incoming) };
  if (path !== QUOTE_PATH || incoming.method !== "POST") return target;
  const query = new URLSearchParams(incoming.query);
  const endpoint = query.get("endpoint");
  if (endpoint === null) return target;
  query.delete("endpoint");
  return {
    exchange: { ...incoming, query: query.toString() },
    path: findApiPath(endpoint, incoming.headers) ?? endpoint,
    isQuote: true,
  };
}
