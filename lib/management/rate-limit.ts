import { now } from "@/lib/clock";
import { minuteOf } from "@/lib/accounts/windows";
import { AppError } from "@/lib/errors";

/** Requests to the management API that one account may send in a minute to one server process, with all of its keys. */
export const REQUESTS_PER_MINUTE = 300;

/** Requests of each account in the minute that began at `at`. */
let minuteCounts = { at: 0, requests: new Map<string, number>() };

/** Counts a request of an account, so that nobody's scripts take the server from others. Throws rate_limited. */
export function countRequest(accountId: string): void {
  const at = now();
  if (minuteCounts.at !== minuteOf(at)) minuteCounts = { at: minuteOf(at), requests: new Map() };
  const requests = minuteCounts.requests.get(accountId) ?? 0;
  if (requests >= REQUESTS_PER_MINUTE) throw tooManyRequests(minuteCounts.at + 60_000 - at);
  minuteCounts.requests.set(accountId, requests + 1);
}

function tooManyRequests(resetMs: number): AppError {
  const seconds = Math.max(1, Math.ceil(resetMs / 1000));
  return new AppError(
    "rate_limited",
    `An account may send ${REQUESTS_PER_MINUTE} management requests a minute. Try again in ${seconds} s.`,
    { headers: { "retry-after": String(seconds) } },
  );
}
