import { beforeEach, describe, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { collection } from "@/lib/db/collection";
import { listChannelHealth, listHealthDays, listModelHealth } from "@/lib/provider-health/queries";
import {
  bucketOf,
  HOUR_MS,
  outcomeOf,
  percentileOf,
  type LatencyHistogram,
} from "@/lib/provider-health/schema";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { countProviderHours } from "./provider-health";

const NOON = Date.UTC(2026, 10, 24, 12);

useOwnDatabase();
beforeEach(async () => {
  for (const name of ["usage", "health", "health_state"]) await collection(name).deleteMany({});
});

let rows = 0;
const record = (at: number, part: Partial<UsageRow> = {}) =>
  recordUsage({
    _id: `req_${++rows}`,
    accountId: "usr_a",
    projectId: "prj_a",
    at: new Date(at),
    model: "gpt-6-luna",
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat.completions",
    stream: true,
    status: 200,
    endedBy: "complete",
    tokens: { ...NO_TOKENS, output: 100 },
    cost: 1,
    free: false,
    latencyMs: 2_500,
    firstByteMs: 500,
    usageSource: "provider",
    ...part,
  });
const tallyOf = async (hour: string, subject = "openai") =>
  (await listHealthDays(new Date(NOON - 24 * HOUR_MS))).at(-1)?.hours[hour]?.[subject];

test("an hour is counted by model, also of ids with a dot", async () => {
  await record(NOON - 1_800_000, { model: "gpt-6.1-sol" });
  await record(NOON - 1_800_000, { model: "gpt-6.1-sol", endedBy: "timeout", status: 504 });
  await record(NOON - 1_800_000);
  await countProviderHours({ clock: () => NOON });
  const models = await listModelHealth(new Date(NOON - 24 * HOUR_MS));
  expect([...models.keys()].toSorted()).toEqual(["gpt-6-luna", "gpt-6.1-sol"]);
  expect(models.get("gpt-6.1-sol")).toMatchObject({
    sent: 2,
    answered: 1,
    firstByte: { [bucketOf(500)]: 1 },
    speed: { [bucketOf(50)]: 1 },
  });
});

test("the time that OneKey adds is counted for all providers together", async () => {
  for (const ownMs of [4, 4, 11, undefined])
    await record(NOON - 1_800_000, ownMs === undefined ? {} : { ownMs });
  await record(NOON - 1_800_000, { ownMs: 9_000, endedBy: "refused", status: 402 });
  await countProviderHours({ clock: () => NOON });
  expect((await tallyOf("11", "onekey"))?.own).toEqual({ [bucketOf(4)]: 2, [bucketOf(11)]: 1 });
  expect(await tallyOf("11")).not.toHaveProperty("own");
});

test("an hour is counted by provider, without a word of whose requests they were", async () => {
  await record(NOON - 1_800_000);
  await record(NOON - 1_800_000, { endedBy: "provider_error", status: 503 });
  await record(NOON - 1_800_000, { endedBy: "provider_error", status: 400 });
  await record(NOON - 1_800_000, { endedBy: "interrupted", status: 0 });
  await record(NOON - 1_800_000, { provider: "xai", endedBy: "timeout", status: 504 });
  await countProviderHours({ clock: () => NOON });
  expect(await tallyOf("11")).toMatchObject({ sent: 3, answered: 2 });
  expect(await tallyOf("11", "xai")).toMatchObject({ sent: 1, answered: 0 });
  expect(await tallyOf("11", "onekey")).toMatchObject({ sent: 5, answered: 4 });
  expect(JSON.stringify(await listHealthDays(new Date(0)))).not.toMatch(/usr_|prj_|req_|gpt|-1"/);
});

test("an hour is counted by channel too, which the public days do not name", async () => {
  await record(NOON - 1_800_000);
  await record(NOON - 1_800_000, { channel: "openai-2", firstByteMs: 900 });
  await record(NOON - 1_800_000, { channel: "openai-2", endedBy: "timeout", status: 504 });
  await record(NOON - 1_800_000, { channel: "none", endedBy: "refused", status: 503 });
  await countProviderHours({ clock: () => NOON });
  const channels = await listChannelHealth(new Date(NOON - 24 * HOUR_MS));
  expect(channels.map(({ id, all }) => [id, all.sent, all.answered])).toEqual([
    ["openai-1", 1, 1],
    ["openai-2", 2, 1],
  ]);
  const [first, second] = channels.map(({ all }) => percentileOf(all.firstByte, 0.5));
  expect(first).toBeLessThan(second ?? 0);
  expect(JSON.stringify(await listHealthDays(new Date(0)))).not.toContain("openai-2");
});

test("the last 24 hours of a channel are apart from its days", async () => {
  const current = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  await record(current - 30 * HOUR_MS, { firstByteMs: 4_000 });
  await record(current - 1_000, { firstByteMs: 100 });
  await countProviderHours({ clock: () => current });
  const [channel] = await listChannelHealth(new Date(current - 72 * HOUR_MS));
  expect([channel?.lately.sent, channel?.all.sent]).toEqual([1, 2]);
});

test("a late row is in the next count, and older hours are counted once", async () => {
  await record(NOON - 30 * HOUR_MS);
  await record(NOON - 1_800_000);
  expect(await countProviderHours({ clock: () => NOON })).toBe(30);
  await record(NOON - 1_700_000);
  expect(await countProviderHours({ clock: () => NOON + 60_000 })).toBe(0);
  expect(await countProviderHours({ clock: () => NOON + HOUR_MS })).toBe(2);
  expect(await tallyOf("11")).toMatchObject({ sent: 2, answered: 2 });
});

test("two processes count an hour once, and again gives the same", async () => {
  await record(NOON - 1_800_000);
  const counts = await Promise.all(
    Array.from({ length: 4 }, () => countProviderHours({ clock: () => NOON })),
  );
  expect(counts.toSorted()).toEqual([0, 0, 0, 1]);
  const before = await tallyOf("11");
  await countProviderHours({ clock: () => NOON, isForced: true });
  expect(await tallyOf("11")).toEqual(before);
});

describe("what counts as answered", () => {
  test.each([
    ["complete", 200, "answered"],
    ["client_left", 200, "answered"],
    ["provider_error", 400, "answered"],
    ["provider_error", 404, "answered"],
    ["provider_error", 429, "failed"],
    ["provider_error", 529, "failed"],
    ["provider_cut", 200, "failed"],
    ["timeout", 504, "failed"],
    ["refused", 503, "not sent"],
    ["interrupted", 200, "not sent"],
  ] as const)("%s with status %i is %s", (endedBy, status, outcome) => {
    expect(outcomeOf({ endedBy, status })).toBe(outcome);
  });
});

test("a percentile is at most 4.5 % off, and of nothing it is null", () => {
  const histogram: LatencyHistogram = {};
  for (let value = 1; value <= 1_000; value++)
    histogram[bucketOf(value)] = (histogram[bucketOf(value)] ?? 0) + 1;
  for (const part of [0.5, 0.95]) {
    const read = percentileOf(histogram, part) ?? 0;
    expect(Math.abs(read - part * 1_000) / (part * 1_000)).toBeLessThan(0.06);
  }
  expect(percentileOf({}, 0.5)).toBeNull();
});
