import { beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { days, ensureIndexes, rollUps, usage } from "./collection";
import { rollUp } from "./roll-up";
import { addSales, readSales } from "./sales";
import { DAY_MS, NO_TOKENS, startOfDay, type UsageRow } from "./schema";

const TODAY = startOfDay(Date.now()).getTime();
const day = (ago: number) => new Date(TODAY - ago * DAY_MS);
const range = { before: day(3), from: day(1) };

useOwnDatabase(ensureIndexes);
beforeEach(async () => {
  for (const collection of [usage, days, rollUps()]) await collection.deleteMany({});
});

let count = 0;
const record = (ago: number, part: Partial<UsageRow> = {}) =>
  usage.insertOne({
    _id: `req_${++count}`,
    accountId: "usr_a",
    projectId: "prj_a",
    at: new Date(day(ago).getTime() + 1_000),
    model: "gpt-6-luna",
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat.completions",
    stream: true,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: 10,
    free: false,
    latencyMs: 2_500,
    firstByteMs: 500,
    usageSource: "provider",
    ...part,
  });

async function sales() {
  const { models, accounts } = await readSales(range);
  return {
    models: models.toSorted(
      (a, b) => a.day.getTime() - b.day.getTime() || a.model.localeCompare(b.model),
    ),
    accounts: accounts.toSorted((a, b) => b.cost - a.cost),
  };
}

test("sums up closed days and today's rows of all accounts, and compares", async () => {
  await record(4, { cost: 1_000 });
  await record(3, { cost: 100 });
  await record(2, { cost: 50, accountId: "usr_b" });
  await record(1, { cost: 7 });
  await record(1, { cost: 9, model: "grok-4.7", provider: "xai", accountId: "usr_b" });
  await record(0, { cost: 30 });
  await record(0, { cost: 5, free: true });
  await record(0, { cost: 2, accountId: "usr_c" });
  const fromRows = await sales();
  await rollUp({ oldestHold: async () => null, clock: () => TODAY + 2 * 3_600_000 });
  expect(await days.countDocuments({ day: { $gte: range.before } })).toBe(4);
  const fromDays = await sales();
  expect(fromDays.accounts).toEqual([
    { accountId: "usr_a", requests: 3, cost: 37, freeCost: 5, costBefore: 100 },
    { accountId: "usr_b", requests: 1, cost: 9, freeCost: 0, costBefore: 50 },
    { accountId: "usr_c", requests: 1, cost: 2, freeCost: 0, costBefore: 0 },
  ]);
  expect(fromDays.accounts).toEqual(fromRows.accounts);
  const costs = fromDays.models.map(({ day: at, model, cost }) => [at.getTime(), model, cost]);
  expect(costs.slice(0, 4)).toEqual([
    [day(3).getTime(), "gpt-6-luna", 100],
    [day(2).getTime(), "gpt-6-luna", 50],
    [day(1).getTime(), "gpt-6-luna", 7],
    [day(1).getTime(), "grok-4.7", 9],
  ]);
  const total = { requests: 0, cost: 0, freeCost: 0 };
  for (const cell of fromDays.models.slice(4)) addSales(total, cell);
  expect(total).toEqual({ requests: 3, cost: 32, freeCost: 5 });
});

test("a deployment without requests has no sales", async () => {
  expect(await readSales(range)).toEqual({ models: [], accounts: [] });
});
