import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

type RecordedFilter = {
  collection: string;
  command: string;
  filter: Record<string, unknown>;
  isUpsert?: true;
};

/** How docs/scaling.md shards the collections that grow with requests, accounts or visits. */
const SHARD_KEYS: Record<string, string> = {
  accounts: "_id",
  usage: "accountId",
  days: "accountId",
  insightdays: "accountId",
  insighthours: "accountId",
  stored: "_id",
  sessions: "_id",
  links: "_id",
  attempts: "_id",
  saved_responses: "_id",
  teams: "_id",
  webhook_deliveries: "_id",
};

/** Collections that stay on one shard, and why that is enough. */
const UNSHARDED: Record<string, string> = {
  acts: "a few a day, written by operators",
  audit_log: "written when somebody changes a setting",
  catalogChecks: "one a day",
  catalogCheckTurns: "one document",
  catalogNotices: "one a model that changes and account that used it",
  catalogOverlays: "a few, read by each instance every 30 s",
  channelNotices: "one a credential",
  cursors: "one a chain",
  free_grants: "one a person",
  grant_days: "one a day",
  health: "one an hour, provider and model",
  health_state: "one document",
  incidents: "a few",
  instances: "one a server process",
  keys: "a few an account; a key is looked up when an instance first sees it",
  ledger: "one a payment or grant",
  limit_alerts: "one a limit and month",
  management_keys: "at most 20 an account",
  meta: "four documents",
  purchases: "one a payment",
  rollups: "two documents",
  strays: "one a transfer that nobody claimed",
  transfers: "one a payment",
  unknownModels: "one a model",
  users: "one a person; its email and sign-in methods are unique, which needs one shard",
  walletNonces: "one a wallet that is being linked",
  wallets: "a few an account",
  webhook_endpoints: "a few an account",
};

/**
 * Commands that go to every shard, and why that is bearable: none of them is made for every request. Deletions and finds of
 * everything are the tests' own.
 */
const BROADCASTS: [collection: string, filter: RegExp, reason: string][] = [
  ["accounts", /"keys":"string"/, "an instance sees a key for the first time; it remembers whose"],
  ["accounts", /"email"|"methods|"personDigests/, "someone signs in or signs up"],
  ["accounts", /^\{"projects\.id"/, "an operator names a project"],
  ["accounts", /"image"/, "the start of a new version"],
  [
    "accounts",
    /"holds\.by"|"holds\.N"|^\{"closing"|"topUp|"alert|"caps|"expiries|"grants|"suspended/,
    "the sweeper and other timers, once in ten seconds or less often",
  ],
  ["usage", /"projectId"|^\{"_id":/, "a page or the API's list"],
  ["usage", /^\{"at"/, "the daily totals and the operator's page"],
  ["usage", /"model"/, "an announcement to those who used a model"],
  ["days", /"day"|"frozen"/, "the daily totals"],
  ["insightdays", /"at"/, "the operator's page"],
  ["insighthours", /"at"/, "the operator's page"],
  ["stored", /"ids"/, "a request names an item of a response, not the response"],
  ["stored", /"accountId"/, "an account is deleted"],
  ["sessions", /"accountId"|"userId"/, "someone lists or ends sessions, or a new version starts"],
  ["links", /"email"/, "a sign-in by email begins"],
  ["teams", /"members\.userId"/, "a page of the dashboard lists a person's accounts"],
  ["teams", /"invitations/, "an invitation is opened"],
  ["saved_responses", /"accountId"/, "an account is deleted"],
  [
    "webhook_deliveries",
    /"accountId"|"endpointId"|"nextAt"/,
    "a page lists them, a timer sends them",
  ],
];

const commands = JSON.parse(
  readFileSync(new URL("recorded-filters.json", import.meta.url), "utf8"),
) as RecordedFilter[];
const sharded = commands.filter(({ collection }) => Object.hasOwn(SHARD_KEYS, collection));
const namesShard = ({ collection, filter }: RecordedFilter): boolean =>
  Object.hasOwn(filter, SHARD_KEYS[collection] ?? "");

test("every collection of the code is sharded or stays on one shard for a reason", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const names = files.flatMap((name) =>
    [
      ...readFileSync(path.join(root, name), "utf8").matchAll(
        /\bcollection(?:<[^()]*>)?\(\s*"(\w+)"\s*\)|\b(?:ACCOUNTS|USAGE) = "(\w+)"/g,
      ),
    ].map(([, literal, constant]) => literal ?? constant ?? ""),
  );
  expect(names.length).toBeGreaterThan(25);
  const isPlanned = (name: string) => name in SHARD_KEYS || name in UNSHARDED;
  expect([...new Set(names)].filter((name) => !isPlanned(name))).toEqual([]);
  expect(commands.map(({ collection }) => collection).filter((name) => !isPlanned(name))).toEqual(
    [],
  );
});

test("every insert and upsert into a sharded collection names its shard", () => {
  // MongoDB rejects others.
  const additions = sharded.filter(({ command, isUpsert }) => command === "insert" || isUpsert);
  expect(additions.length).toBeGreaterThan(10);
  expect(additions.filter((command) => !namesShard(command))).toEqual([]);
});

test("every write that holds, settles or sweeps names its account", () => {
  const writes = sharded.filter(
    ({ collection, command, filter }) =>
      collection === "accounts" &&
      ["update", "findAndModify"].includes(command) &&
      JSON.stringify(filter).includes('"holds'),
  );
  expect(writes.length).toBeGreaterThan(10);
  expect(writes.filter((command) => !namesShard(command))).toEqual([]);
});

test("every command that goes to all shards is one that is not made for every request", () => {
  const broadcasts = sharded.filter(
    (command) => !namesShard(command) && Object.keys(command.filter).length > 0,
  );
  expect(broadcasts.length).toBeGreaterThan(5);
  const isKnown = ({ collection, filter }: RecordedFilter) =>
    BROADCASTS.some(
      ([name, pattern]) => name === collection && pattern.test(JSON.stringify(filter)),
    );
  expect(broadcasts.filter((command) => !isKnown(command))).toEqual([]);
});
