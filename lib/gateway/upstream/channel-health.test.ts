import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  beginRequest,
  cooldownMs,
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

const outcome = (accountId: string, model = MODEL) => ({ channel, model, accountId });
const limit = (accountId: string, waitMs: number | null) =>
  noteError(outcome(accountId), { kind: "rate_limit", waitMs });
const reject = () =>
  noteError(outcome("a"), { kind: "credential", problem: "invalid_key", scope: "channel" });

test("an account that met a limit waits for that model on that channel, and no other does", () => {
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

test("a wait without a statement is 5 s, and one of hours is tried again after 10 minutes", () => {
  limit("a", null);
  limit("b", 12 * 60 * MINUTE);
  expect(cooldownMs(channel, MODEL, "a")).toBe(5_000);
  expect(cooldownMs(channel, MODEL, "b")).toBe(10 * MINUTE);
});

test("a rejected credential stops the channel for 5 minutes, then for twice as long after each failed probe", () => {
  reject();
  for (const stopMinutes of [5, 10, 20, 40, 60, 60]) {
    expect(stopMs(channel)).toBe(stopMinutes * MINUTE);
    // Requests that were in flight say nothing new.
    reject();
    expect(stopMs(channel)).toBe(stopMinutes * MINUTE);
    now += stopMinutes * MINUTE;
    expect(stopMs(channel)).toBe(0);
    beginRequest(channel);
    expect(stopMs(channel)).toBe(30_000);
    reject();
  }
  now += 60 * MINUTE;
  beginRequest(channel);
  noteSuccess(outcome("b"), false);
  expect(stopMs(channel)).toBe(0);
  reject();
  expect(stopMs(channel)).toBe(5 * MINUTE);
});

test("an error about a request shows that the credential is accepted", () => {
  reject();
  now += 5 * MINUTE;
  beginRequest(channel);
  noteError(outcome("a"), { kind: "request" });
  expect(stopMs(channel)).toBe(0);
});

test("a model that the credential does not reach is closed for everybody, and the channel is not stopped", () => {
  noteError(outcome("a"), { kind: "credential", problem: "no_access", scope: "model" });
  expect(isClosed(channel, MODEL)).toBe(true);
  expect(cooldownMs(channel, MODEL, "b")).toBe(5 * MINUTE);
  expect(stopMs(channel)).toBe(0);
  now += 5 * MINUTE;
  expect(isClosed(channel, MODEL)).toBe(false);
});
