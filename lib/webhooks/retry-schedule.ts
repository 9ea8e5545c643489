const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long after its event a delivery is last tried. */
export const RETRY_MS = 72 * HOUR_MS;

/** The waits between attempts, close to those that Standard Webhooks recommends; then the last one again and again. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
];

/** When a delivery is tried again whose attempt number `attemptCount` failed at `now` (epoch milliseconds); null after 3 days. */
export function nextAttemptAt(input: {
  createdAt: number;
  attemptCount: number;
  now: number;
}): number | null {
  const { createdAt, attemptCount, now } = input;
  const last = createdAt + RETRY_MS;
  if (now >= last) return null;
  const wait = WAITS_MS[attemptCount - 1] ?? WAITS_MS.at(-1) ?? 0;
  return Math.min(now + wait, last);
}
