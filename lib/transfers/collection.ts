import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { ENDED_DAYS, type ScanCursor, type UnmatchedTransfer, type Transfer } from "./schema";

export const transfers = (): Promise<Collection<Transfer>> => collection<Transfer>("transfers");
export const unmatchedTransfers = (): Promise<Collection<UnmatchedTransfer>> =>
  collection<UnmatchedTransfer>("strays");
export const cursors = (): Promise<Collection<ScanCursor>> => collection<ScanCursor>("cursors");

export async function ensureIndexes(): Promise<void> {
  await (
    await transfers()
  ).createIndexes([
    { key: { accountId: 1, sentAt: -1 }, name: "account" },
    { key: { state: 1, checkAt: 1 }, name: "due" },
    { key: { endedAt: 1 }, name: "expiry", expireAfterSeconds: ENDED_DAYS * 86_400 },
  ]);
  await (
    await unmatchedTransfers()
  ).createIndexes([
    { key: { state: 1, foundAt: 1 }, name: "waiting" },
    { key: { from: 1 }, name: "sender" },
  ]);
}
