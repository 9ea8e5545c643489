import { beforeAll, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes, usage } from "@/lib/usage/collection";
import { lastHour } from "@/lib/usage/period";
import { findNeighbors, listPage } from "@/lib/usage/rows";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { loadUsage } from "./load";
import { UsageSearch } from "./search";
import { slotName } from "./series";

/** Half past midnight, so that the last hour begins on the day before. */
const NOW = Date.parse("2026-11-30T00:30:20Z");
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000);

const rowAt = (minutes: number, keyId = "key_1"): UsageRow => ({
  _id: `req_${String(200 - minutes).padStart(4, "0")}`,
  accountId: "usr_a",
  projectId: "prj_a",
  keyId,
  at: minutesAgo(minutes),
  model: "claude-haiku-5-5",
  provider: "anthropic",
  channel: "anthropic-1",
  endpoint: "messages",
  stream: false,
  status: 200,
  endedBy: "complete",
  tokens: { ...NO_TOKENS, input: 10, output: 5 },
  cost: 1_000,
  free: false,
  latencyMs: 500,
  firstByteMs: 200,
  usageSource: "provider",
});
/** Ten rows of the last hour, of two keys, and four of the hour before. */
const rows = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55].map((minutes) =>
  rowAt(minutes, minutes % 2 === 0 ? "key_2" : "key_1"),
);
const earlierRows = [61, 75, 100, 118].map((minutes) => rowAt(minutes));

useOwnDatabase(ensureIndexes);
beforeAll(async () => {
  await usage.insertMany([
    ...rows,
    ...earlierRows,
    { ...rowAt(4), _id: "req_b", accountId: "usr_b" },
  ]);
});

const load = (query: Record<string, string>) =>
  loadUsage({
    accountId: "usr_a",
    recent: [],
    search: UsageSearch.parse({ range: "hour", ...query }),
    period: lastHour(NOW),
    projectName: (id) => id,
    keyName: (id) => id,
    now: NOW,
  });

test("the last hour is 60 minutes, over midnight too, compared with the hour before", async () => {
  const view = await load({});
  expect(view.unit).toBe("minute");
  expect(view.slots.map((slot) => slotName(slot, view))).toHaveLength(60);
  expect(slotName({ at: minutesAgo(0) }, view)).toBe("00:30");
  expect(view.total.figures.requests).toBe(rows.length);
  expect(view.slots.at(-1)?.total.figures.requests).toBe(1);
  expect(view.totalBefore?.figures.requests).toBe(earlierRows.length);
  expect(view.slots.at(-2)?.before?.figures.requests).toBe(1);
  expect(view.choices.key).toEqual(["key_1", "key_2"]);
});

test("a filter by key leaves the rows of other keys out, in figures and list", async () => {
  const { total, days } = await load({ key: "key_2" });
  const filter = { accountId: "usr_a", ...lastHour(NOW), keyId: "key_2" };
  const page = await listPage({ filter, days, limit: 50 });
  const expectedIds = rows.filter(({ keyId }) => keyId === "key_2").map(({ _id }) => _id);
  expect(total.figures.requests).toBe(expectedIds.length);
  expect(page.rows.map(({ _id }) => _id)).toEqual(expectedIds);
});

test("the list of the last hour holds none of its first day's earlier rows", async () => {
  const { days } = await load({});
  const filter = { accountId: "usr_a", ...lastHour(NOW) };
  const page = await listPage({ filter, days, limit: 50 });
  expect(page.rows.map(({ _id }) => _id)).toEqual(rows.map(({ _id }) => _id));
});

test("the list next to errors holds the requests that had one", async () => {
  const failedRow: UsageRow = {
    ...rowAt(2),
    _id: "req_failed",
    accountId: "usr_c",
    endedBy: "provider_error",
    status: 529,
  };
  await usage.insertMany([failedRow, { ...rowAt(3), _id: "req_complete", accountId: "usr_c" }]);
  const page = await listPage({
    filter: { accountId: "usr_c", ...lastHour(NOW), endings: ["provider_error", "timeout"] },
    limit: 50,
  });
  expect(page.rows.map(({ _id }) => _id)).toEqual(["req_failed"]);
});

test("the neighbors of a request are those of the account's list, at its ends too", async () => {
  const [newest, next] = rows;
  const oldest = earlierRows.at(-1);
  if (!newest || !next || !oldest) throw new Error("There are no rows.");
  expect(await findNeighbors(newest)).toEqual({ newer: null, older: next._id });
  expect(await findNeighbors(next)).toMatchObject({ newer: newest._id });
  expect(await findNeighbors(oldest)).toMatchObject({ older: null });
});
