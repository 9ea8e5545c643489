import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { ensureIndexes, insightDays, insightHours, rollUps, usage } from "./collection";
import { percentileOf } from "./histogram";
import { addCell, ALL_TIMES, newTotal, type InsightCell } from "./insight";
import { listInsights } from "./insights";
import { rollInsights } from "./roll-insights";
import { DAY_MS, isError, startOfDay, type UsageRow } from "./schema";

let dir: string;
const NOW = startOfDay(Date.now()).getTime() + DAY_MS / 2;
const clock = () => NOW;

/** A row every 17 minutes of twelve days, of two accounts. */
const rows = Array.from({ length: 1_000 }, (_, n): UsageRow & { keyId: string } => ({
  _id: `req_${n}`,
  accountId: n % 5 === 0 ? "usr_b" : "usr_a",
  projectId: n % 3 === 0 ? "prj_1" : "prj_2",
  keyId: n % 2 === 0 ? "key_1" : "key_2",
  at: new Date(NOW - 1 - n * 17 * 60_000),
  model: n % 4 === 0 ? "m" : "n",
  provider: "openai",
  channel: "openai-1",
  endpoint: n % 7 === 0 ? "responses" : "chat.completions",
  stream: true,
  status: n % 11 === 0 ? 500 : 200,
  endedBy: n % 11 === 0 ? "provider_error" : "complete",
  tokens: { input: n, cacheRead: 1, cacheWrite5m: 2, cacheWrite1h: 3, output: 50, reasoning: 4 },
  cost: n * 1_000,
  free: n % 13 === 0,
  latencyMs: 100 + n,
  firstByteMs: n % 17 === 0 ? null : 50,
  usageSource: "provider",
}));

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-insights-"));
  vi.stubEnv("ONEKEY_DATA_DIR", dir);
  await ensureIndexes();
  await usage.insertMany(rows.map((row) => ({ ...row })));
});
afterAll(async () => {
  await closeDatabase();
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const range = (days: number) => {
  const to = startOfDay(NOW);
  return { accountId: "usr_a", from: new Date(to.getTime() - (days - 1) * DAY_MS), to };
};

/** By hour or day, combination and ending, in one order. */
function summary(cells: InsightCell[]): string[] {
  const totals = new Map<string, ReturnType<typeof newTotal>>();
  for (const cell of cells) {
    const { at, projectId, model, endpoint, keyId, endedBy } = cell;
    const key = [new Date(at).toISOString(), projectId, model, endpoint, keyId, endedBy].join(" ");
    const total = totals.get(key) ?? newTotal(ALL_TIMES);
    addCell(total, cell, isError(endedBy));
    totals.set(key, total);
  }
  return [...totals]
    .map(([key, { figures, latency, firstByte, speed }]) =>
      JSON.stringify([
        key,
        figures,
        percentileOf(latency, 0.5),
        percentileOf(firstByte, 0.95),
        percentileOf(speed, 0.5),
      ]),
    )
    .toSorted();
}

test("insights are the same before and after rows are summed up, by hour and by day", async () => {
  const before = {
    hours: summary(await listInsights(range(3), "hour")),
    days: summary(await listInsights(range(13), "day")),
  };
  expect(before.days.length).toBeGreaterThan(50);
  await rollInsights({ clock });
  expect(await insightDays.countDocuments({ accountId: "usr_a" })).toBeGreaterThan(9);
  expect(await insightHours.countDocuments({ accountId: "usr_a" })).toBeGreaterThan(99);
  expect(summary(await listInsights(range(3), "hour"))).toEqual(before.hours);
  expect(summary(await listInsights(range(13), "day"))).toEqual(before.days);
  const requests = (await listInsights(range(13), "day")).reduce(
    (sum, { figures }) => sum + figures.requests,
    0,
  );
  expect(requests).toBe(rows.filter(({ accountId }) => accountId === "usr_a").length);
});

test("a percentile of all rows is within 4 percent of the exact one", async () => {
  const total = newTotal(ALL_TIMES);
  for (const cell of await listInsights(range(13), "day"))
    addCell(total, cell, isError(cell.endedBy));
  const latencies = rows
    .filter(({ accountId, endedBy }) => accountId === "usr_a" && endedBy === "complete")
    .map(({ latencyMs }) => latencyMs)
    .toSorted((a, b) => a - b);
  for (const share of [0.05, 0.5, 0.95, 1]) {
    const exact = latencies[Math.max(0, Math.ceil(latencies.length * share) - 1)] ?? 0;
    const estimate = percentileOf(total.latency, share) ?? 0;
    expect(Math.abs(estimate / exact - 1)).toBeLessThan(0.045);
  }
});

test("the next pass waits for an hour to close, and includes rows that came late", async () => {
  expect(await rollInsights({ clock })).toEqual({ hours: 0, days: 0 });
  const late: UsageRow = { ...(rows[0] as UsageRow), _id: "req_late", accountId: "usr_a" };
  late.at = new Date(NOW - 90 * 60_000);
  await usage.insertOne(late);
  const later = () => NOW + 3_600_000 + 600_000;
  expect((await rollInsights({ clock: later })).hours).toBeGreaterThan(0);
  const hour = Math.floor(late.at.getTime() / 3_600_000) * 3_600_000;
  const cells = await listInsights(range(1), "hour");
  const expectedRows = rows.filter(
    ({ accountId, at }) =>
      accountId === "usr_a" && Math.floor(at.getTime() / 3_600_000) * 3_600_000 === hour,
  ).length;
  expect(
    cells.filter(({ at }) => at === hour).reduce((sum, { figures }) => sum + figures.requests, 0),
  ).toBe(expectedRows + 1);
  expect(await (await rollUps()).countDocuments({})).toBe(1);
});
