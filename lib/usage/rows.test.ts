import { beforeAll, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes, usage } from "./collection";
import { listCells, type UsageFilter } from "./figures";
import { listRows } from "./queries";
import { findOwnRow, hasUsed, listPage, type RowCursor } from "./rows";
import { DAY_MS, NO_TOKENS, startOfDay, type UsageRow } from "./schema";

const START = startOfDay(Date.now()).getTime() + DAY_MS;
/** 300 rows in ten days with gaps; three of an instant each, so that a page ends between rows of the same time. */
const rows = Array.from({ length: 300 }, (_, n): UsageRow => {
  const day = [0, 1, 2, 5, 6, 9][Math.floor(n / 50)] ?? 0;
  return {
    _id: `req_${(n * 7919) % 1e3}_${n}`,
    accountId: n % 10 === 0 ? "usr_b" : "usr_a",
    projectId: n % 4 === 0 ? "prj_1" : "prj_2",
    at: new Date(START + day * DAY_MS + Math.floor((n % 50) / 3) * 1e3),
    model: n % 60 === 1 ? "rare" : "usual",
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: n,
    free: false,
    latencyMs: 1,
    firstByteMs: null,
    usageSource: "provider",
  };
});

useOwnDatabase(ensureIndexes);

beforeAll(async () => {
  await usage.insertMany(rows.map((row) => ({ ...row })));
});

const cursor = (row: UsageRow | undefined): RowCursor => ({
  at: row?.at ?? new Date(0),
  id: row?._id ?? "",
});

test.each([
  {},
  { projectId: "prj_1" },
  { model: "rare" },
  { model: "none" },
  { endedBy: "timeout" },
] as Partial<UsageFilter>[])(
  "pages of %j show every row once, from the newest to the oldest and back",
  async (testFilter) => {
    const filter = {
      accountId: "usr_a",
      from: new Date(START),
      to: new Date(START + 9 * DAY_MS),
      ...testFilter,
    };
    const days = (await listCells(filter)).map((cell) => cell.day);
    const expectedIds = rows
      .filter(
        (row) =>
          row.accountId === "usr_a" &&
          Object.entries(testFilter).every(([k, v]) => row[k as "model"] === v),
      )
      .toSorted((a, b) => Number(b.at) - Number(a.at) || (a._id < b._id ? 1 : -1))
      .map((row) => row._id);
    const ids: string[] = [];
    let page = await listPage({ filter, days, limit: 7 });
    expect(page.hasNewer).toBe(false);
    for (;;) {
      ids.push(...page.rows.map((row) => row._id));
      if (!page.hasOlder) break;
      page = await listPage({ filter, days, limit: 7, before: cursor(page.rows.at(-1)) });
    }
    expect(ids).toEqual(expectedIds);
    const back: string[] = page.rows.map((row) => row._id);
    while (page.hasNewer) {
      page = await listPage({ filter, days, limit: 7, after: cursor(page.rows.at(0)) });
      back.unshift(...page.rows.map((row) => row._id));
    }
    expect(back).toEqual(expectedIds);
  },
);

test("another account's row and project are as missing as ones that never were", async () => {
  const [theirs] = rows;
  expect(await findOwnRow({ accountId: "usr_a", requestId: theirs?._id ?? "" })).toBeNull();
  expect(await findOwnRow({ accountId: "usr_b", requestId: theirs?._id ?? "" })).not.toBeNull();
  expect(await hasUsed({ accountId: "usr_c", projectId: "prj_1" })).toBe(false);
  expect(await hasUsed({ accountId: "usr_a", projectId: "prj_1" })).toBe(true);
});

test("pages of a project sorted by time hold every row once and mark the last page", async () => {
  const projectRows = rows.filter(({ projectId }) => projectId === "prj_2").map(({ _id }) => _id);
  for (const limit of [1, 2, 7, 75, projectRows.length]) {
    const ids: string[] = [];
    let page = await listRows({ projectId: "prj_2", limit });
    for (;;) {
      ids.push(...page.rows.map(({ _id }) => _id));
      const last = page.rows.at(-1);
      if (!page.hasMore || !last) break;
      page = await listRows({ projectId: "prj_2", limit, before: last.at });
      expect(page.rows.length).toBeGreaterThan(0);
    }
    expect(ids.toSorted()).toEqual(projectRows.toSorted());
  }
});
