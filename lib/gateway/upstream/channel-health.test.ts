import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  beginRequest,
  cooldownMs,
  healthOf,
  isClosed,
  isLimited,
  noteError,
  noteSuccess,
  resetChannelHealth,
  stopMs,
} from "./channel-health";
import type { Channel } from "./channels";

const channel = { id: "openai-1" } as Channel;
const MODEL = "gpt-x";
const MINUTE = 60_000;
let now = 0;

beforeEach(() => {
  now = 1_000_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  resetChannelHealth();
});

const outcome = (accountId: string, isCostless = false) =>
  beginRequest({ channel, model: MODEL, accountId, isCostless });
const limit = (accountId: string, waitMs: number | null) =>
  noteError(outcome(accountId), { kind: "rate_limit", waitMs });
const REJECTED = { kind: "credential", problem: "invalid_key", scope: "channel" } as const;
const reject = () => noteError(outcome("a"), REJECTED);

test("only the account that met a limit waits, for that model on that channel", () => {
  limit("a", 24_000);
  expect(cooldownMs(channel, MODEL, "a")).toBe(24_000);
  expect(cooldownMs(channel, "other", "a")).toBe(0);
  expect(cooldownMs(channel, MODEL, "b")).toBe(0);
  expect(isLimited(channel, MODEL)).toBe(false);
  now += 24_000;
  expect(cooldownMs(channel, MODEL, "a")).toBe(0);
});

test("a limit that two accounts met is avoided by the others for as long as it lasts", () => {
  limit("a", 20_000);
  limit("b", 5_000);
  expect(isLimited(channel, MODEL)).toBe(true);
  expect(cooldownMs(channel, MODEL, "c")).toBe(0);
  now += 5_000;
  expect(isLimited(channel, MODEL)).toBe(false);
});

test("an unstated wait is 5 s, and one of hours is tried again after 10 minutes", () => {
  limit("a", null);
  limit("b", 12 * 60 * MINUTE);
  expect(cooldownMs(channel, MODEL, "a")).toBe(5_000);
  expect(cooldownMs(channel, MODEL, "b")).toBe(10 * MINUTE);
});

test("a rejected credential stops the channel, for longer after each failed probe", () => {
  reject();
  for (const stopMinutes of [5, 10, 15, 15]) {
    expect(stopMs(channel)).toBe(stopMinutes * MINUTE);
    // Requests that were in flight say nothing new.
    reject();
    expect(stopMs(channel)).toBe(stopMinutes * MINUTE);
    now += stopMinutes * MINUTE;
    expect(stopMs(channel)).toBe(0);
    const probe = outcome("a");
    expect(stopMs(channel)).toBe(30_000);
    noteError(probe, REJECTED);
  }
  now += 15 * MINUTE;
  noteSuccess(outcome("b"));
  expect(stopMs(channel)).toBe(0);
  reject();
  expect(stopMs(channel)).toBe(5 * MINUTE);
});

test("a response to what was sent before the stop does not end it", () => {
  const before = outcome("b");
  now += 1;
  reject();
  now += 1;
  noteSuccess(before);
  expect(stopMs(channel)).toBeGreaterThan(0);
});

test.each([
  ["invalid_key", "request", true],
  ["account_disabled", "costless", true],
  ["no_credits", "request", false],
  ["no_credits", "rate_limit", false],
  ["no_credits", "costless", false],
  ["spend_limit", "costless", false],
  ["no_credits", "success", true],
] as const)("a stop for %s after a probe with %s ends: %s", (problem, kind, ends) => {
  noteError(outcome("a"), { kind: "credential", problem, scope: "channel" });
  now += 5 * MINUTE;
  const probe = outcome("a", kind === "costless");
  if (kind === "success" || kind === "costless") noteSuccess(probe);
  else noteError(probe, kind === "request" ? { kind } : { kind, waitMs: 1 });
  expect(healthOf(channel).stop === null).toBe(ends);
  // Where it goes on, the next request probes.
  expect(stopMs(channel)).toBe(0);
});

test("a model that the credential does not reach is closed, the channel is not stopped", () => {
  noteError(outcome("a"), { kind: "credential", problem: "no_access", scope: "model" });
  expect(isClosed(channel, MODEL)).toBe(true);
  expect(cooldownMs(channel, MODEL, "b")).toBe(5 * MINUTE);
  expect(stopMs(channel)).toBe(0);
  now += 5 * MINUTE;
  expect(isClosed(channel, MODEL)).toBe(false);
});
