import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Account } from "./schema";
import { AHEAD_MS, minuteFor } from "./windows";

/** What one account may do at most, over all its projects, whatever limits they have. */
export type AccountLimits = { requestsPerMinute: number; requestsInFlight: number };

/** The minute that a request of an account counts in, and whether its hold has to open it. */
export type AccountWindow = AccountLimits & { at: number; isNew: boolean };

/** An account has purchased while its ledger is above zero: a refund or dispute of everything takes that back. */
export const accountLimits = ({ posted: ledgerSum }: Pick<Account, "posted">): AccountLimits =>
  ledgerSum > 0 ? env().accountLimits.afterPurchase : env().accountLimits.beforePurchase;

export function windowOf({ account, now }: { account: Account; now: number }): AccountWindow {
  const at = minuteFor({ start: account.minute?.at, now });
  const { requestsPerMinute, requestsInFlight } = accountLimits(account);
  return { requestsPerMinute, requestsInFlight, at, isNew: account.minute?.at !== at };
}

/** What the filter of a hold's write must say so that `count` requests fit into the window, and so many holds be open. */
export function windowFilter(
  { at, isNew, requestsPerMinute, requestsInFlight }: AccountWindow,
  count: number,
): Record<string, unknown> {
  const filter: Record<string, unknown> = {
    [`holds.${requestsInFlight - count}`]: { $exists: false },
  };
  if (isNew) filter["minute.at"] = { $not: { $gte: at, $lte: at + AHEAD_MS } };
  else {
    filter["minute.at"] = at;
    filter["minute.used"] = { $lte: requestsPerMinute - count };
  }
  return filter;
}

/** Counts `count` requests in the window; a new minute begins with them. */
export function windowUpdate(
  { at, isNew }: AccountWindow,
  count: number,
): {
  $set?: { minute: { at: number; used: number } };
  $inc?: Record<string, number>;
} {
  return isNew ? { $set: { minute: { at, used: count } } } : { $inc: { "minute.used": count } };
}

/** Throws rate_limited for an account that has used up its minute, or has as many requests in flight as it may. */
export function refuseFullWindow({
  account,
  now,
  retryInFlightS,
}: {
  account: Account;
  now: number;
  /** Seconds after which one of the requests in flight has probably ended. */
  retryInFlightS: number;
}): void {
  const { requestsPerMinute, requestsInFlight, at, isNew } = windowOf({ account, now });
  if (!isNew && (account.minute?.used ?? 0) >= requestsPerMinute)
    throw minuteUsed({ limits: accountLimits(account), resetMs: at + 60_000 - now });
  if (account.holds.length >= requestsInFlight)
    throw tooManyInFlight({ limits: accountLimits(account), retryS: retryInFlightS });
}

const adviceToRaise = (limit: AccountLimits): string =>
  limit === env().accountLimits.beforePurchase
    ? "The first purchase of credits raises this limit."
    : "Ask the operator if you need more.";

/** The error of an account that has sent as many requests as a minute takes. */
export function minuteUsed({
  limits,
  resetMs,
}: {
  limits: AccountLimits;
  resetMs: number;
}): AppError {
  const seconds = Math.max(1, Math.ceil(resetMs / 1000));
  return new AppError(
    "rate_limited",
    `This account may send ${limits.requestsPerMinute} requests a minute. Try again in ${seconds} s. ${adviceToRaise(limits)}`,
    {
      headers: {
        "retry-after": String(seconds),
        "x-ratelimit-limit-requests": String(limits.requestsPerMinute),
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": `${seconds}s`,
      },
    },
  );
}

/** The error of an account that has as many requests in flight as it may. */
export function tooManyInFlight({
  limits,
  retryS,
}: {
  limits: AccountLimits;
  retryS: number;
}): AppError {
  return new AppError(
    "rate_limited",
    `This account may have ${limits.requestsInFlight} requests in flight. Try again when one has ended. ${adviceToRaise(limits)}`,
    {
      headers: {
        "retry-after": String(retryS),
        "x-ratelimit-limit-concurrent-requests": String(limits.requestsInFlight),
        "x-ratelimit-remaining-concurrent-requests": "0",
        "x-ratelimit-reset-concurrent-requests": `${retryS}s`,
      },
    },
  );
}
