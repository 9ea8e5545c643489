import { expect, test } from "vitest";
import {
  createBreaker,
  failingAccounts,
  failsFor,
  isOpen,
  noteSending,
  recordFailure,
  recordSuccess,
} from "./breaker";

test("one account never opens a breaker, however often it fails", () => {
  const breaker = createBreaker();
  for (let i = 0; i < 1_000; i++) recordFailure(breaker, "a", i);
  expect(isOpen(breaker, 1_000)).toBe(false);
  expect(failsFor(breaker, "a", 1_000)).toBe(true);
  expect(failsFor(breaker, "b", 1_000)).toBe(false);
});

test("three failing accounts open it if they are at least half of the active ones", () => {
  const breaker = createBreaker();
  for (const account of ["d", "e", "f", "g"]) recordSuccess(breaker, account, 0);
  for (const account of ["a", "b", "c"]) recordFailure(breaker, account, 1);
  expect(failingAccounts(breaker, 1)).toBe(3);
  expect(isOpen(breaker, 1)).toBe(false);
  recordFailure(breaker, "d", 2);
  expect(isOpen(breaker, 2)).toBe(true);
});

test("failures of more than a minute ago no longer count", () => {
  const breaker = createBreaker();
  recordFailure(breaker, "a", 0);
  recordFailure(breaker, "b", 0);
  recordFailure(breaker, "c", 60_001);
  expect(isOpen(breaker, 60_001)).toBe(false);
});

function openBreaker() {
  const breaker = createBreaker();
  for (const account of ["a", "b", "c"]) recordFailure(breaker, account, 0);
  return breaker;
}

test("when its time is over one request probes it, and a success closes it", () => {
  const breaker = openBreaker();
  expect(isOpen(breaker, 19_999)).toBe(true);
  expect(isOpen(breaker, 20_000)).toBe(false);
  noteSending(breaker, 20_000);
  expect(isOpen(breaker, 20_001)).toBe(true);
  recordSuccess(breaker, "d", 20_002);
  expect(isOpen(breaker, 20_003)).toBe(false);
  expect(failingAccounts(breaker, 20_003)).toBe(0);
});

test("a failed probe opens it again for twice as long, up to two minutes", () => {
  const breaker = openBreaker();
  let now = 20_000;
  for (const openMs of [40_000, 80_000, 120_000, 120_000]) {
    noteSending(breaker, now);
    recordFailure(breaker, "d", now);
    expect(isOpen(breaker, now + openMs - 1)).toBe(true);
    now += openMs;
    expect(isOpen(breaker, now)).toBe(false);
  }
});

test("a probe without an outcome lets another one through after half a minute", () => {
  const breaker = openBreaker();
  noteSending(breaker, 20_000);
  expect(isOpen(breaker, 49_999)).toBe(true);
  expect(isOpen(breaker, 50_000)).toBe(false);
});

test("what it keeps does not grow with the accounts", () => {
  const breaker = createBreaker();
  for (let i = 0; i < 5_000; i++) recordSuccess(breaker, `a${i}`, i / 1_000);
  expect(breaker.outcomes.size).toBe(1_000);
});
