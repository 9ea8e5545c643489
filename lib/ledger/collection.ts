import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { LedgerEntry } from "./schema";

export const ledger = (): Promise<Collection<LedgerEntry>> => collection<LedgerEntry>("ledger");

export async function ensureIndexes(): Promise<void> {
  const all = await ledger();
  await all.createIndexes([
    { key: { accountId: 1, seq: 1 }, unique: true, name: "sequence" },
    { key: { applied: 1 }, name: "applied" },
    { key: { of: 1 }, sparse: true, name: "claims" },
    { key: { "receipt.dueAt": 1 }, sparse: true, name: "receipts" },
  ]);
}
