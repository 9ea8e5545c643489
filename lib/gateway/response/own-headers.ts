import type { PlacedHold } from "@/lib/accounts/hold";
import { now } from "@/lib/clock";
import { formatCredits } from "@/lib/money";
import { headerOf, type Exchange } from "../exchange";

const MAX_COST = "x-onekey-max-cost";
const COST = "x-onekey-cost";

/** The header that states how much a request could cost at most. */
export const maxCostHeader = (maxCost: number): Record<string, string> => ({
  [MAX_COST]: formatCredits(maxCost),
});

/** The header, or the trailer, that states what a request cost. */
export const costHeader = (cost: number): Record<string, string> => ({
  [COST]: formatCredits(cost),
});

/** Whether a client takes trailers, and announces so as HTTP/1.1 asks (RFC 9110 §6.5.1). */
export const takesTrailers = (exchange: Pick<Exchange, "headers">): boolean =>
  (headerOf(exchange, "te") ?? "").split(",").some((value) => /^\s*trailers\s*$/i.test(value));

/** Changes the head of a response so that its cost follows in the trailer: only a chunked response has one. */
export function announceCost(headers: Record<string, string | string[]>): void {
  delete headers["content-length"];
  headers.trailer = COST;
}

/** What is left of the project's requests in this minute. */
export function limitHeaders({
  limit,
  left,
  resetAt,
}: NonNullable<PlacedHold["minute"]>): Record<string, string> {
  return {
    "x-ratelimit-limit-requests": String(limit),
    "x-ratelimit-remaining-requests": String(left),
    "x-ratelimit-reset-requests": `${Math.max(0, Math.ceil((resetAt - now()) / 1000))}s`,
  };
}
