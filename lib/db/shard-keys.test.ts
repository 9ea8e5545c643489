import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type RecordedFilter = { collection: string; command: string; filter: Record<string, unknown> };

/** How docs/scaling.md shards the collections that grow with requests. */
const SHARD_KEYS: Record<string, string> = {
  accounts: "_id",
  usage: "accountId",
  days: "accountId",
  stored: "_id",
};

/**
 * Reads that go to every shard, and why that is bearable: none of them is made for every request. Deletions without a filter and
 * finds of everything are the tests' own.
 */
const BROADCASTS: [collection: string, filter: RegExp, reason: string][] = [
  [
    "accounts",
    /^\{"keys":"string"\}$/,
    "an instance sees a key for the first time; it remembers whose it is",
  ],
  ["accounts", /"email"|"methods"/, "someone signs in"],
  [
    "accounts",
    /"holds\.by"|"holds\.N"|^\{"closing"|"topUp|"alert/,
    "the sweeper, once in ten seconds or less often",
  ],
  ["accounts", /"image"/, "identities of an earlier version are moved at a start"],
  ["accounts", /^\{\}$/, "the audit"],
  ["usage", /"projectId"|^\{"_id":/, "a page or the API's list"],
  ["usage", /^\{"at"|^\{\}$/, "the daily totals and the operator's page"],
  ["days", /./, "the daily totals"],
  ["stored", /"ids"/, "a request names an item of a response, not the response"],
  ["stored", /"accountId"/, "a test counts"],
];

const commands = JSON.parse(
  readFileSync(new URL("recorded-filters.json", import.meta.url), "utf8"),
) as RecordedFilter[];

const namesShard = ({ collection, filter }: RecordedFilter): boolean => {
  const key = SHARD_KEYS[collection];
  return key === undefined || Object.hasOwn(filter, key);
};

test("every write of a request names its shard", () => {
  const writes = commands.filter(({ command }) =>
    ["update", "findAndModify", "insert"].includes(command),
  );
  expect(writes.filter(({ collection }) => collection === "accounts").length).toBeGreaterThan(10);
  // A usage row is never changed, and an account is never found by its email: those two are tests'.
  const isHot = ({ collection, command, filter }: RecordedFilter) =>
    ["accounts", "stored"].includes(collection)
      ? !Object.hasOwn(filter, "email")
      : collection === "usage" && command === "insert";
  expect(writes.filter(isHot).filter((command) => !namesShard(command))).toEqual([]);
});

test("every read that goes to all shards is one that is not made for every request", () => {
  const broadcasts = commands.filter((command) => !namesShard(command));
  expect(broadcasts.length).toBeGreaterThan(5);
  const unknownBroadcasts = broadcasts.filter(
    ({ collection, filter }) =>
      !BROADCASTS.some(
        ([name, pattern]) => name === collection && pattern.test(JSON.stringify(filter)),
      ),
  );
  expect(unknownBroadcasts).toEqual([]);
});
