import { collection } from "@/lib/db/collection";
import { ENDED_DAYS, type ScanCursor, type UnmatchedTransfer, type Transfer } from "./schema";

export const transfers = collection<Transfer>("transfers");
export const unmatchedTransfers = collection<UnmatchedTransfer>("strays");
export const cursors = collection<ScanCursor>("cursors");

export async function ensureIndexes(): Promise<void> {
  await transfers.createIndexes([
    { key: { accountId: 1, sentAt: -1 }, name: "account" },
    { key: { state: 1, checkAt: 1 }, name: "due" },
    { key: { endedAt: 1 }, name: "expiry", expireAfterSeconds: ENDED_DAYS * 86_400 },
  ]);
  await unmatchedTransfers.createIndexes([
    { key: { state: 1, foundAt: 1 }, name: "waiting" },
    { key: { from: 1 }, name: "sender" },
  ]);
}
