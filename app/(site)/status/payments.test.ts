import { afterEach, expect, test, vi } from "vitest";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { readPayments } from "./payments";

useOwnDatabase(ensureIndexes);
/** After this the environment, which is read once, is read again. */
const readAgain = () => delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
afterEach(() => {
  vi.stubEnv("ONEKEY_SANDBOX_STRIPE", "");
  readAgain();
});

const HOUR_MS = 3_600_000;
/** Half past nine of today, or of yesterday: 9 hours and more are left of the day. */
const NOW = Date.parse("2026-11-30T09:30:00Z");
const hoursAgo = (hours: number) => new Date(NOW - hours * HOUR_MS);

let count = 0;
const insert = (name: string, documents: Record<string, unknown>[]) =>
  collection<{ _id: string }>(name).insertMany(
    documents.map((document) => ({ _id: `${name}_${++count}`, ...document })),
  );
const entry = (at: Date, kind = "purchase") => ({
  accountId: "usr_a",
  seq: ++count,
  kind,
  at,
  amount: 1,
  applied: true,
});

test("payments are counted by hour and day, and one that waits for the operator is not credited", async () => {
  vi.stubEnv("ONEKEY_SANDBOX_STRIPE", "http://127.0.0.1:1");
  readAgain();
  await insert("ledger", [
    entry(hoursAgo(1)),
    entry(hoursAgo(1)),
    entry(hoursAgo(1), "grant"),
    entry(hoursAgo(2 * 24)),
    entry(hoursAgo(100 * 24)),
  ]);
  await insert("purchases", [
    { accountId: "usr_a", status: "attention", createdAt: hoursAgo(1) },
    { accountId: "usr_a", status: "open", createdAt: hoursAgo(1) },
  ]);
  await insert("transfers", [
    {
      accountId: "usr_a",
      state: "credited",
      seenAt: hoursAgo(3),
      endedAt: new Date(hoursAgo(3).getTime() + 11_000),
    },
    { accountId: "usr_a", state: "refused", seenAt: hoursAgo(3), endedAt: hoursAgo(2) },
    { accountId: "usr_a", state: "credited", seenAt: hoursAgo(80), endedAt: hoursAgo(72) },
  ]);
  const payments = await readPayments(NOW);
  expect(payments).toMatchObject({ level: "down", creditedP50: 11_000 });
  expect(payments?.hours).toHaveLength(24);
  expect(payments?.hours.at(-2)).toEqual({
    at: new Date("2026-11-30T08:00:00Z"),
    sent: 3,
    answered: 2,
  });
  expect(payments?.days).toHaveLength(90);
  expect(payments?.days.at(-1)).toMatchObject({ sent: 3, answered: 2 });
  expect(payments?.days.at(-3)).toMatchObject({ sent: 1, answered: 1 });
  expect(payments?.days.reduce((sum, bar) => sum + bar.sent, 0)).toBe(4);
});

test("a server that takes no payments has no figures of them", async () => {
  expect(await readPayments(NOW)).toBeNull();
});
