import { expect, test } from "vitest";
import { nextAttemptAt, RETRY_MS } from "./retry-schedule";

const HOUR_MS = 3_600_000;

test("a delivery that always fails is tried 11 times, the last time after exactly 3 days", () => {
  const times: number[] = [];
  let now: number | null = 0;
  while (now !== null) {
    times.push(now);
    now = nextAttemptAt({ createdAt: 0, attemptCount: times.length, now });
  }
  const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(waits.slice(0, 6)).toEqual([
    5_000,
    300_000,
    1_800_000,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
  ]);
  expect(times).toHaveLength(11);
  expect(times.at(-1)).toBe(RETRY_MS);
});

test("an attempt that comes late is followed by one at the end of the 3 days, and none after it", () => {
  const late = RETRY_MS - 1;
  expect(nextAttemptAt({ createdAt: 0, attemptCount: 3, now: late })).toBe(RETRY_MS);
  expect(nextAttemptAt({ createdAt: 0, attemptCount: 3, now: RETRY_MS })).toBeNull();
});
