/**
 * A circuit breaker for the failures of a provider that no request explains (5xx, broken connections). It counts
 * accounts, not requests: it opens when at least `ACCOUNTS_MIN` accounts fail, and they are at least half of those that had a
 * response recently, so that no account can open it. All times are of `performance.now()`.
 */
export type Breaker = {
  /** The latest outcome of each account, oldest first. */
  outcomes: Map<string, { at: number; failures: number }>;
  /** Open until this time; 0 when closed. */
  openUntil: number;
  openMs: number;
  /** While one request probes an open breaker whose time is over. */
  probingUntil: number;
};

const ACCOUNTS_MIN = 3;
const WINDOW_MS = 60_000;
const OUTCOMES_MAX = 1_000;
const OPEN_MS = 20_000;
const OPEN_MS_MAX = 120_000;
/** A probe that has no outcome by then does not keep others from probing. */
const PROBE_MS = 30_000;
/** An account that met this many failures in a row on one channel tries others first. */
const OWN_FAILURES_MAX = 3;

export const createBreaker = (): Breaker => ({
  outcomes: new Map(),
  openUntil: 0,
  openMs: OPEN_MS,
  probingUntil: 0,
});

export function recordFailure(breaker: Breaker, accountId: string, now: number): void {
  const failures = (recent(breaker, accountId, now)?.failures ?? 0) + 1;
  setOutcome(breaker, accountId, { at: now, failures });
  if (breaker.openUntil > 0) {
    // A failed probe, or one of the requests that are sent because no other channel is left.
    if (breaker.openUntil > now) return;
    breaker.openMs = Math.min(breaker.openMs * 2, OPEN_MS_MAX);
  } else if (!isFailing(breaker, now)) return;
  breaker.openUntil = now + breaker.openMs;
  breaker.probingUntil = 0;
}

export function recordSuccess(breaker: Breaker, accountId: string, now: number): void {
  setOutcome(breaker, accountId, { at: now, failures: 0 });
  if (breaker.openUntil === 0) return;
  breaker.openUntil = 0;
  breaker.openMs = OPEN_MS;
  breaker.probingUntil = 0;
  // What failed before the provider recovered says nothing about it any more.
  breaker.outcomes.clear();
}

/** Whether requests avoid the channel; one at a time may probe it when its time is over. */
export const isOpen = (breaker: Breaker, now: number): boolean =>
  breaker.openUntil > now || (breaker.openUntil > 0 && breaker.probingUntil > now);

/** Called before a request is sent: the first one after the time of an open breaker is its probe. */
export function noteSending(breaker: Breaker, now: number): void {
  if (breaker.openUntil > 0 && breaker.openUntil <= now) breaker.probingUntil = now + PROBE_MS;
}

export const failsFor = (breaker: Breaker, accountId: string, now: number): boolean =>
  (recent(breaker, accountId, now)?.failures ?? 0) >= OWN_FAILURES_MAX;

/** How many accounts failed last within the window. */
export const failingAccounts = (breaker: Breaker, now: number): number =>
  outcomesIn(breaker, now).filter(({ failures }) => failures > 0).length;

function isFailing(breaker: Breaker, now: number): boolean {
  const failing = failingAccounts(breaker, now);
  return failing >= ACCOUNTS_MIN && failing * 2 >= outcomesIn(breaker, now).length;
}

const outcomesIn = (breaker: Breaker, now: number) =>
  [...breaker.outcomes.values()].filter(({ at }) => at > now - WINDOW_MS);

function recent(breaker: Breaker, accountId: string, now: number) {
  const outcome = breaker.outcomes.get(accountId);
  return outcome && outcome.at > now - WINDOW_MS ? outcome : undefined;
}

function setOutcome(
  breaker: Breaker,
  accountId: string,
  outcome: { at: number; failures: number },
): void {
  breaker.outcomes.delete(accountId);
  breaker.outcomes.set(accountId, outcome);
  if (breaker.outcomes.size <= OUTCOMES_MAX) return;
  const [oldest] = breaker.outcomes.keys();
  if (oldest !== undefined) breaker.outcomes.delete(oldest);
}
