import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  openStore,
  planFor,
  type BsonDocument,
  type DocumentStore,
} from "@onekey/embedded-mongo/inspection";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { isOnServer } from "@/lib/db/testing/test-conditions";
import { ensureIndexes, usage } from "./collection";

let dir: string;
let store: DocumentStore | undefined;
const START = Date.UTC(2100, 0, 1);
const at = (second: number) => new Date(START + second * 1_000);

/** 2,000 rows of one account and 2,000 of another, a second apart, read back as the embedded database has them. */
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-indexes-"));
  vi.stubEnv("ONEKEY_DATA_DIR", dir);
  await ensureIndexes();
  const rows = Array.from({ length: 4_000 }, (_, n) => ({
    _id: `req_${n}`,
    accountId: n % 2 === 0 ? "usr_a" : "usr_b",
    projectId: n % 2 === 0 ? "prj_a" : "prj_b",
    model: n % 4 === 0 ? "m" : "n",
    at: at(n),
  }));
  await usage.insertMany(rows as never);
  await closeDatabase();
  if (isOnServer) return;
  store = await openStore(path.join(dir, "sandbox"));
});
afterAll(async () => {
  await store?.journal.close();
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const newest = [
  { path: "at", descending: true },
  { path: "_id", descending: true },
];
const oldest = newest.map(({ path: name }) => ({ path: name, descending: false }));
const range = { $gte: at(1_000), $lt: at(2_000) };

// It looks into the embedded database's plans.
test.skipIf(isOnServer).each([
  ["a page of rows", "usage", { accountId: "usr_a", at: range }, newest, "account", 500],
  [
    "a later page",
    "usage",
    {
      accountId: "usr_a",
      at: { ...range, $lte: at(1_199) },
      $or: [{ at: { $lt: at(1_199) } }, { _id: { $lt: "r" } }],
    },
    newest,
    "account",
    100,
  ],
  [
    "a page before",
    "usage",
    { accountId: "usr_a", at: { ...range, $gte: at(1_800) } },
    oldest,
    "account",
    100,
  ],
  [
    "a page of one model",
    "usage",
    { accountId: "usr_a", model: "m", at: range },
    newest,
    "account",
    500,
  ],
  [
    "today's figures",
    "usage",
    { accountId: "usr_b", at: { $gte: at(3_900), $lt: at(9_000) } },
    [],
    "account",
    50,
  ],
  [
    "the audit's rows",
    "usage",
    { accountId: "usr_a", at: { $gte: at(3_000) } },
    [],
    "account",
    500,
  ],
  [
    "the API's list",
    "usage",
    { projectId: "prj_a", at: { $lt: at(1_000) } },
    newest.slice(0, 1),
    "project",
    500,
  ],
  ["the minutes of an hour", "usage", { accountId: "usr_b", at: range }, [], "account", 500],
  [
    "the request after one",
    "usage",
    {
      accountId: "usr_a",
      at: { $gte: at(3_900) },
      $or: [{ at: { $gt: at(3_900) } }, { _id: { $gt: "req_3900" } }],
    },
    oldest,
    "account",
    50,
  ],
  [
    "the arrivals of a key",
    "usage",
    { accountId: "usr_b", at: { $gte: at(3_900) }, keyId: "key_a" },
    oldest,
    "account",
    50,
  ],
  ["a day to sum up", "usage", { at: range }, [], "expiry", 1_000],
  ["the oldest row", "usage", {}, oldest.slice(0, 1), "expiry", 4_000],
  ["closed hours", "insighthours", { accountId: "usr_a", at: range }, [], "account", 0],
  [
    "closed days of the usage page",
    "insightdays",
    { accountId: "usr_a", at: range },
    [],
    "account",
    0,
  ],
  ["closed days", "days", { accountId: "usr_a", day: range }, [], "account", 0],
  ["closed days of all accounts", "days", { day: range }, [], "day", 0],
  [
    "frozen days",
    "days",
    { accountId: "usr_a", day: { $lt: at(1) }, frozen: true },
    [],
    "account",
    0,
  ],
] as [string, string, BsonDocument, typeof newest, string, number][])(
  "%s is found through an index, in order, without looking at other rows",
  (_, collection, filter, sort, index, visits) => {
    const collectionStore = store?.collections.get(`onekey.${collection}`);
    if (!collectionStore) throw new Error(`There is no collection ${collection}.`);
    const plan = planFor(collectionStore, filter, sort);
    let visitCount = 0;
    plan.scan(() => {
      visitCount++;
      return false;
    });
    expect([plan.name, plan.isSorted]).toEqual([index, true]);
    // A row at a bound that is not included may be looked at.
    expect(visitCount).toBeGreaterThanOrEqual(visits);
    expect(visitCount).toBeLessThanOrEqual(visits + 1);
  },
);

/** The filters that the tests of `lib` sent to the collections of usage, without those of everything. */
const recordedFilters = (
  JSON.parse(readFileSync(new URL("../db/recorded-filters.json", import.meta.url), "utf8")) as {
    collection: string;
    command: string;
    filter: BsonDocument;
  }[]
).filter(
  ({ collection, command, filter }) =>
    ["usage", "days", "insightdays", "insighthours"].includes(collection) &&
    command !== "insert" &&
    Object.keys(filter).length > 0,
);

test.skipIf(isOnServer)("every recorded filter of usage is served by an index", () => {
  expect(recordedFilters.length).toBeGreaterThan(25);
  for (const { collection, filter } of recordedFilters) {
    const collectionStore = store?.collections.get(`onekey.${collection}`);
    if (!collectionStore) throw new Error(`There is no collection ${collection}.`);
    const { name } = planFor(collectionStore, filter, []);
    expect(name, `${collection} ${JSON.stringify(filter)}`).not.toBe("COLLSCAN");
  }
});
