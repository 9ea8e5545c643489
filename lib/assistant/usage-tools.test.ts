import { beforeAll, expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import type { Account } from "@/lib/accounts/schema";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { usage } from "@/lib/usage/collection";
import { DAY_MS, NO_TOKENS, startOfDay, type UsageRow } from "@/lib/usage/schema";
import { readWith } from "./tools";

useOwnDatabase(ensureIndexes);

let account: Account;
const TODAY = startOfDay(Date.now()).getTime();
let count = 0;

const rowOn = (daysAgo: number, model: string, cost: number): UsageRow => ({
  _id: `req_${++count}`,
  accountId: account._id,
  projectId: account.projects[0]?.id ?? "",
  at: new Date(TODAY - daysAgo * DAY_MS),
  model,
  provider: "anthropic",
  channel: "anthropic-1",
  endpoint: "messages",
  stream: false,
  status: 200,
  endedBy: "complete",
  tokens: NO_TOKENS,
  cost,
  free: false,
  latencyMs: 500,
  firstByteMs: 200,
  usageSource: "provider",
});

beforeAll(async () => {
  account = await createAccount({ email: "bars@example.com" });
  await usage.insertMany([
    rowOn(0, "claude-haiku-5-5", 2_000_000_000),
    rowOn(6, "claude-haiku-5-5", 1_000_000_000),
    rowOn(7, "claude-haiku-5-5", 4_000_000_000),
    rowOn(3, "claude-sonnet-5-5", 5_000_000_000),
    // Only in the days before.
    rowOn(13, "gpt-6-luna", 7_000_000_000),
    // Before both.
    rowOn(14, "claude-haiku-5-5", 9_000_000_000),
    { ...rowOn(0, "claude-haiku-5-5", 8_000_000_000), accountId: "usr_other" },
  ]);
});

test("usage by model is compared with as many days before, the dearest first", async () => {
  const { data, reading, summary } = await readWith(account, "usage_by_model", { days: 7 });
  expect(reading?.rows).toEqual([
    { name: "Claude Sonnet 5.5", cost: 5_000_000_000, costBefore: 0 },
    { name: "Claude Haiku 5.5", cost: 3_000_000_000, costBefore: 4_000_000_000 },
    { name: "GPT-6 Luna", cost: 0, costBefore: 7_000_000_000 },
  ]);
  expect(reading).toMatchObject({ heading: "Model", hidden: 0 });
  expect(data).toMatchObject({
    total: { credits: "8.000000000", requests: 3 },
    rows: [
      { key: "claude-sonnet-5-5", credits_before: "0.000000000" },
      { key: "claude-haiku-5-5", credits: "3.000000000", credits_before: "4.000000000" },
      { key: "gpt-6-luna", credits: "0.000000000", requests: 0 },
    ],
    before: { total: { credits: "11.000000000", requests: 2 } },
  });
  expect(summary).toMatch(/^read .+ to .+, 3 models$/);
});

test("days are in their order and compared with nothing", async () => {
  const { data, reading } = await readWith(account, "usage_by_day", { days: 7 });
  expect(reading?.periodBefore).toBeNull();
  expect(reading?.rows.map(({ cost, costBefore }) => [cost, costBefore])).toEqual([
    [1_000_000_000, null],
    [5_000_000_000, null],
    [2_000_000_000, null],
  ]);
  expect(data).not.toHaveProperty("before");
});

test("days whose rows have expired are not compared with", async () => {
  const { reading } = await readWith(account, "usage_by_project", { days: 90 });
  expect(reading).toMatchObject({
    heading: "Project",
    periodBefore: null,
    rows: [{ name: "First project", cost: 28_000_000_000, costBefore: null }],
  });
});
