import { beforeAll, beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { days, ensureIndexes, rollUps, usage } from "./collection";
import { listCells, type UsageCell, type UsageFilter } from "./figures";
import { sumCharged } from "./queries";
import { rollUp } from "./roll-up";
import { DAY_MS, EndedBy, isError, RETENTION_DAYS, startOfDay, type UsageRow } from "./schema";

// In time to come, so that nothing expires but what a test lets expire.
const START = startOfDay(Date.now()).getTime() + DAY_MS;
const HOUR = 3_600_000;
const at = (day: number, ms = 0) => START + day * DAY_MS + ms;
const noHold = async () => null;

useOwnDatabase(ensureIndexes);

beforeAll(async () => {
  process.env.ONEKEY_MODE = "sandbox";
});
beforeEach(async () => {
  for (const collection of [usage, days, await rollUps()]) await collection.deleteMany({});
});

let seed = 1;
const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
const oneOf = <T>(list: readonly [T, ...T[]]): T => list[random(list.length)] ?? list[0];
let count = 0;

function row(time: number, overrides: Partial<UsageRow> = {}): UsageRow {
  return {
    _id: `req_${++count}`,
    accountId: oneOf(["usr_a", "usr_b"]),
    projectId: oneOf(["prj_1", "prj_2"]),
    at: new Date(time),
    model: oneOf(["claude-haiku-5-5", "gpt-6.1-sol", "x/y.z"]),
    provider: "anthropic",
    channel: "anthropic-1",
    endpoint: "messages",
    stream: true,
    status: 200,
    endedBy: oneOf(EndedBy.options as [EndedBy, ...EndedBy[]]),
    tokens: {
      input: random(900),
      cacheRead: random(900),
      cacheWrite5m: random(9),
      cacheWrite1h: random(9),
      output: random(900),
      reasoning: random(90),
    },
    cost: random(1_000_000_000),
    free: random(5) === 0,
    latencyMs: random(9_000),
    firstByteMs: null,
    usageSource: "provider",
    ...overrides,
  };
}

async function insert(rows: UsageRow[]): Promise<UsageRow[]> {
  if (rows.length > 0) await usage.insertMany(rows.map((usageRow) => ({ ...usageRow })));
  return rows;
}

const rowsOfDay = (day: number, number: number) =>
  Array.from({ length: number }, () => row(at(day, random(DAY_MS))));
const chargedCost = (rows: UsageRow[], accountId: string) =>
  rows.reduce(
    (sum, usageRow) =>
      sum + (usageRow.accountId === accountId && !usageRow.free ? usageRow.cost : 0),
    0,
  );

/** What `listCells` must return, added up from the rows one by one. */
function cellsOf(rows: UsageRow[], { accountId, from, to, ...filter }: UsageFilter) {
  const cells: Record<
    string,
    { requests: number; free: number; cost: number; errors: number; output: number }
  > = {};
  for (const usageRow of rows) {
    const isMatch = Object.entries(filter).every(
      ([name, value]) => usageRow[name as keyof UsageRow] === value,
    );
    if (
      usageRow.accountId !== accountId ||
      usageRow.at < from ||
      usageRow.at >= new Date(to.getTime() + DAY_MS) ||
      !isMatch
    )
      continue;
    const key = `${startOfDay(usageRow.at).toISOString()} ${usageRow.projectId} ${usageRow.model}`;
    const cell = (cells[key] ??= { requests: 0, free: 0, cost: 0, errors: 0, output: 0 });
    cell.requests++;
    cell.output += usageRow.tokens.output;
    if (usageRow.free) cell.free++;
    else cell.cost += usageRow.cost;
    if (usageRow.endedBy !== "complete" && usageRow.endedBy !== "client_left") cell.errors++;
  }
  return cells;
}

/** The same of `listCells`' result, its endings put together. */
function shown(cells: UsageCell[]): ReturnType<typeof cellsOf> {
  const expectedCells: ReturnType<typeof cellsOf> = {};
  for (const { day, projectId, model, endedBy, requests, free, cost, tokens } of cells) {
    const cell = (expectedCells[`${day.toISOString()} ${projectId} ${model}`] ??= {
      requests: 0,
      free: 0,
      cost: 0,
      errors: 0,
      output: 0,
    });
    cell.requests += requests;
    cell.free += free;
    cell.cost += cost;
    cell.output += tokens.output;
    if (isError(endedBy)) cell.errors += requests;
  }
  return expectedCells;
}

test("charts show the same before and after days are summed up, whatever the filter", async () => {
  const rows = await insert(Array.from({ length: 12 }, (_, day) => rowsOfDay(day, 40)).flat());
  const range = { accountId: "usr_a", from: new Date(at(1)), to: new Date(at(11)) };
  const filters: UsageFilter[] = [
    range,
    { ...range, projectId: "prj_2" },
    { ...range, model: "x/y.z" },
    { ...range, endedBy: "client_left" },
    { ...range, endedBy: "timeout", projectId: "prj_1", model: "gpt-6.1-sol" },
    { ...range, from: new Date(at(4)), to: new Date(at(4)) },
  ];
  const check = async () => {
    for (const filter of filters)
      expect(shown(await listCells(filter))).toEqual(cellsOf(rows, filter));
  };
  await check();
  expect(await rollUp({ oldestHold: noHold, clock: () => at(11, 12 * HOUR) })).toEqual({
    days: 11,
    frozen: 4,
    expired: 0,
  });
  await check();
  rows.push(...(await insert(rowsOfDay(11, 5))));
  await check();
  await usage.deleteMany({ at: { $lt: new Date(at(11)) } });
  await check();
});

test("a day is summed up an hour after its end, once a day, by one of those who try", async () => {
  await insert(rowsOfDay(0, 10));
  const pass = (clock: number) => rollUp({ oldestHold: noHold, clock: () => clock });
  await pass(at(0, 5 * HOUR));
  expect(await pass(at(1, HOUR - 1))).toMatchObject({ days: 0, frozen: 0 });
  const passes = await Promise.all(Array.from({ length: 5 }, () => pass(at(1, HOUR))));
  expect(passes.filter((pass) => pass.days > 0)).toHaveLength(1);
  expect(await pass(at(1, 20 * HOUR))).toMatchObject({ days: 0, frozen: 0 });
  expect((await pass(at(2, HOUR))).days).toBeGreaterThan(0);
});

test(
  "frozen days replace expired rows for months, also after days without a pass",
  { timeout: 120_000 },
  async () => {
    const rows: UsageRow[] = [];
    for (let day = 0; day < 115; day++) {
      rows.push(...(await insert(rowsOfDay(day, 3 + random(5)))));
      const now = at(day, DAY_MS - 1);
      if (day % 3 > 0) continue;
      await rollUp({ oldestHold: noHold, clock: () => now });
      await usage.deleteMany({ at: { $lt: new Date(now - RETENTION_DAYS * DAY_MS) } });
      if (day % 12 > 0) continue;
      for (const accountId of ["usr_a", "usr_b"]) {
        const accountRows = rows.filter((usageRow) => usageRow.accountId === accountId);
        expect(await sumCharged({ accountId })).toEqual({
          cost: chargedCost(accountRows, accountId),
          rows: accountRows.length,
          late: 0,
        });
      }
    }
    expect(await usage.countDocuments()).toBeLessThan(rows.length);
  },
);

test("a row weeks late is in its day: an open hold keeps earlier days from freezing", async () => {
  const rows = await insert(rowsOfDay(0, 10));
  const oldestHold = async () => at(0, 5 * HOUR);
  expect(await rollUp({ oldestHold: oldestHold, clock: () => at(30, 2 * HOUR) })).toMatchObject({
    frozen: 0,
  });
  rows.push(
    ...(await insert([row(at(0, 5 * HOUR), { accountId: "usr_a", free: false, cost: 77 })])),
  );
  expect(await rollUp({ oldestHold: noHold, clock: () => at(31, 2 * HOUR) })).toMatchObject({
    frozen: 24,
  });
  await usage.deleteMany({});
  expect((await sumCharged({ accountId: "usr_a" })).cost).toBe(chargedCost(rows, "usr_a"));
});

test("a row with an open hold is not charged yet, whether its day is summed or not", async () => {
  const [open] = await insert([row(at(0), { accountId: "usr_a", free: false, cost: 50 })]);
  const rows = await insert(rowsOfDay(0, 6));
  const sum = () => sumCharged({ accountId: "usr_a", open: [{ id: open?._id ?? "", at: at(0) }] });
  expect((await sum()).cost).toBe(chargedCost(rows, "usr_a"));
  await rollUp({ oldestHold: async () => at(0), clock: () => at(20, 2 * HOUR) });
  expect((await sum()).cost).toBe(chargedCost(rows, "usr_a"));
});

test("an interrupted pass is completed, and a repeated or late one changes nothing", async () => {
  const rows = await insert(Array.from({ length: 20 }, (_, day) => rowsOfDay(day, 10)).flat());
  const now = at(19, 2 * HOUR);
  for (let steps = 1; steps <= 5; steps++) {
    let calls = 0;
    const clock = () => {
      if (++calls > steps) throw new Error("killed");
      return now;
    };
    await expect(rollUp({ oldestHold: noHold, clock, again: true })).rejects.toThrow("killed");
    expect((await sumCharged({ accountId: "usr_a" })).cost).toBe(chargedCost(rows, "usr_a"));
  }
  await Promise.all(
    Array.from({ length: 4 }, () => rollUp({ oldestHold: noHold, again: true, clock: () => now })),
  );
  const standing = await days.find({}).sort({ _id: 1 }).toArray();
  const frozen = standing.filter((record) => record.frozen);
  expect(new Set(frozen.map((record) => record.day.getTime())).size).toBe(12);

  await rollUp({ oldestHold: noHold, again: true, clock: () => now });
  expect(await days.find({}).sort({ _id: 1 }).toArray()).toEqual(standing);
  const filter = { accountId: "usr_a", from: new Date(at(0)), to: new Date(at(19)) };
  expect(shown(await listCells(filter))).toEqual(cellsOf(rows, filter));
});

test("rows that expired before they were summed up are reported, not guessed", async () => {
  await insert(rowsOfDay(0, 5));
  await rollUp({ oldestHold: noHold, clock: () => at(1, 2 * HOUR) });
  await insert([row(at(5))]);
  expect(await rollUp({ oldestHold: noHold, clock: () => at(100, 2 * HOUR) })).toMatchObject({
    expired: 12,
  });
  const state = await (await rollUps()).findOne({ _id: "days" });
  expect(state?.gapBefore).toEqual(new Date(at(12)));
  expect((await sumCharged({ accountId: "usr_a" })).gapBefore).toEqual(new Date(at(12)));
});
