import { minuteUsed, tooManyInFlight, type AccountLimits } from "@/lib/accounts/account-window";
import { typicalRequestSeconds } from "@/lib/accounts/ended-holds";
import { now } from "@/lib/clock";
import { minuteOf } from "@/lib/accounts/windows";

type Account = { accountId: string; limits: AccountLimits };

/** Requests of each account that this instance is reading or serving. */
const inFlight = new Map<string, number>();

/**
 * Counts a request of an account from before its body is read, so that slow bodies are limited as well; returns what ends it.
 * Throws rate_limited. What all instances have in flight together is limited by the hold.
 */
export function enterAccount({ accountId, limits }: Account): () => void {
  const others = inFlight.get(accountId) ?? 0;
  if (others >= limits.requestsInFlight)
    throw tooManyInFlight({ limits, retryS: typicalRequestSeconds() });
  inFlight.set(accountId, others + 1);
  return () => {
    const left = (inFlight.get(accountId) ?? 1) - 1;
    if (left > 0) inFlight.set(accountId, left);
    else inFlight.delete(accountId);
  };
}

/** Requests without a hold of each account in the minute that began at `minute`. */
let counted = { minute: 0, requests: new Map<string, number>() };

/** Counts a request that places no hold against the account's minute in this instance. Throws rate_limited. */
export function countWithoutHold({ accountId, limits }: Account): void {
  const at = now();
  if (counted.minute !== minuteOf(at)) counted = { minute: minuteOf(at), requests: new Map() };
  const used = counted.requests.get(accountId) ?? 0;
  if (used >= limits.requestsPerMinute)
    throw minuteUsed({ limits, resetMs: counted.minute + 60_000 - at });
  counted.requests.set(accountId, used + 1);
}
