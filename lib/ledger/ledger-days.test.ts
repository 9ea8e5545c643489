import { beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes, ledger } from "./collection";
import { listLedgerDays } from "./queries";
import type { LedgerEntry } from "./schema";

useOwnDatabase(ensureIndexes);
beforeEach(async () => void (await ledger.deleteMany({})));

const DAY = Date.UTC(2026, 10, 24);
const HOUR_MS = 3_600_000;
let seq = 0;
const post = (entry: Pick<LedgerEntry, "kind" | "amount"> & Partial<LedgerEntry>, hour: number) =>
  ledger.insertOne({
    _id: `grt_${++seq}`,
    accountId: seq % 2 === 0 ? "usr_a" : "usr_b",
    seq,
    at: new Date(DAY + hour * HOUR_MS),
    applied: true,
    ...entry,
  });

test("entries of all accounts are summed up by UTC day and kind, fees apart", async () => {
  await post({ kind: "purchase", amount: 99 }, -1);
  await post({ kind: "purchase", amount: 20, fee: 1 }, 0);
  await post({ kind: "purchase", amount: 30, applied: false }, 23);
  await post({ kind: "refund", amount: -7 }, 12);
  await post({ kind: "grant", amount: 5 }, 25);
  const days = await listLedgerDays({ from: new Date(DAY) });
  expect(days.toSorted((a, b) => b.amount - a.amount)).toEqual([
    { day: new Date(DAY), kind: "purchase", amount: 50, fee: 1, entries: 2 },
    { day: new Date(DAY + 24 * HOUR_MS), kind: "grant", amount: 5, fee: 0, entries: 1 },
    { day: new Date(DAY), kind: "refund", amount: -7, fee: 0, entries: 1 },
  ]);
});
