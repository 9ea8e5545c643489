import { collection } from "@/lib/db/collection";
import type { LedgerEntry } from "./schema";

export const ledger = collection<LedgerEntry>("ledger");

export async function ensureIndexes(): Promise<void> {
  await ledger.createIndexes([
    { key: { accountId: 1, seq: 1 }, unique: true, name: "sequence" },
    { key: { applied: 1 }, name: "applied" },
    { key: { at: 1 }, name: "time" },
    { key: { of: 1 }, sparse: true, name: "claims" },
    { key: { "receipt.dueAt": 1 }, sparse: true, name: "receipts" },
  ]);
}
