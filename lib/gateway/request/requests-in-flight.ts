import { minuteUsed, tooManyInFlight, type AccountLimits } from "@/lib/accounts/account-window";
import { typicalRequestSeconds } from "@/lib/accounts/ended-holds";
import { now } from "@/lib/clock";
import { minuteOf } from "@/lib/accounts/windows";

type LimitedAccount = { accountId: string; limits: AccountLimits };

/** Requests of each account that this instance is reading or serving. */
const inFlight = new Map<string, number>();

/**
 * Counts a request of an account from before its body is read, so that slow bodies are limited as well; returns what ends it.
 * Throws rate_limited. The hold limits what all instances have in flight.
 */
export function enterAccount({ accountId, limits }: LimitedAccount): () => void {
  const requests = inFlight.get(accountId) ?? 0;
  if (requests >= limits.requestsInFlight)
    throw tooManyInFlight({ limits, retryS: typicalRequestSeconds() });
  inFlight.set(accountId, requests + 1);
  return () => {
    const remaining = (inFlight.get(accountId) ?? 1) - 1;
    if (remaining > 0) inFlight.set(accountId, remaining);
    else inFlight.delete(accountId);
  };
}

/** Requests without a hold of each account in the minute that began at `minute`. */
let minuteCounts = { minute: 0, requests: new Map<string, number>() };

/** Counts a request that places no hold against the account's minute in this instance. Throws rate_limited. */
export function countWithoutHold({ accountId, limits }: LimitedAccount): void {
  const at = now();
  if (minuteCounts.minute !== minuteOf(at))
    minuteCounts = { minute: minuteOf(at), requests: new Map() };
  const requests = minuteCounts.requests.get(accountId) ?? 0;
  if (requests >= limits.requestsPerMinute)
    throw minuteUsed({ limits, resetMs: minuteCounts.minute + 60_000 - at });
  minuteCounts.requests.set(accountId, requests + 1);
}
