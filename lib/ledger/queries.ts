import type { Account } from "@/lib/accounts/schema";
import { ledger } from "./collection";
import type { LedgerEntry } from "./schema";

/** The sum (nano-credits) and number of an account's applied entries. */
export async function sumPosted(accountId: string): Promise<{ amount: number; entries: number }> {
  const all = await ledger.find({ accountId, applied: true }).toArray();
  return { amount: all.reduce((sum, entry) => sum + entry.amount, 0), entries: all.length };
}

/** Every applied entry of an account, the newest first. */
export async function listEntries(accountId: string): Promise<LedgerEntry[]> {
  return ledger.find({ accountId, applied: true }).sort({ seq: -1 }).toArray();
}

/** Applied entries of an account before a sequence number, the newest first: at most `limit`. */
export async function listEntriesBefore(input: {
  accountId: string;
  before: number | undefined;
  limit: number;
}): Promise<LedgerEntry[]> {
  const { accountId, before, limit } = input;
  const seq = before === undefined ? {} : { seq: { $lt: before } };
  return ledger
    .find({ accountId, applied: true, ...seq })
    .sort({ seq: -1 })
    .limit(limit)
    .toArray();
}

/** An account's entries up to the one that its `seq` says was applied last, the newest first: together they are its `posted`. */
export async function listEntriesOf({
  _id,
  seq,
}: Pick<Account, "_id" | "seq">): Promise<LedgerEntry[]> {
  return ledger
    .find({ accountId: _id, seq: { $lte: seq } })
    .sort({ seq: -1 })
    .toArray();
}

/** The entries of one kind on one UTC day, of all accounts; amounts and fees in nano-credits. */
export type LedgerDay = Pick<LedgerEntry, "kind" | "amount"> & {
  day: Date;
  fee: number;
  entries: number;
};

/** What was posted to all accounts from a day on, by day and kind. An entry that is not applied yet will be: it counts. */
export async function listLedgerDays({ from }: { from: Date }): Promise<LedgerDay[]> {
  const groups = ledger.aggregate<
    Omit<LedgerDay, "day" | "kind"> & { _id: Pick<LedgerDay, "day" | "kind"> }
  >([
    { $match: { at: { $gte: from } } },
    {
      $group: {
        _id: { day: { $dateTrunc: { date: "$at", unit: "day" } }, kind: "$kind" },
        amount: { $sum: "$amount" },
        fee: { $sum: "$fee" },
        entries: { $sum: 1 },
      },
    },
  ]);
  return (await groups.toArray()).map(({ _id, ...sums }) => ({ ..._id, ...sums }));
}

/** When purchases were credited, from a moment on, of all accounts. */
export async function listPurchaseTimes({ from }: { from: Date }): Promise<Date[]> {
  const entries = ledger.find<Pick<LedgerEntry, "at">>(
    { at: { $gte: from }, kind: "purchase" },
    { projection: { _id: 0, at: 1 } },
  );
  return (await entries.toArray()).map(({ at }) => at);
}

/** How many applied entries of a kind an account has. */
export async function countEntries({
  accountId,
  kind,
}: Pick<LedgerEntry, "accountId" | "kind">): Promise<number> {
  return ledger.countDocuments({ accountId, kind, applied: true });
}

/** The purchase that a payment was credited as, whoever paid. */
export async function findPurchaseEntry(sourceId: string): Promise<LedgerEntry | null> {
  return ledger.findOne({ _id: sourceId, kind: "purchase" });
}

/** A purchase of this account with what was taken back of it since; null for another's as for a missing one. */
export async function findReceipt({
  accountId,
  sourceId,
}: {
  accountId: string;
  sourceId: string;
}): Promise<{ purchase: LedgerEntry; claims: LedgerEntry[] } | null> {
  const purchase = await ledger.findOne({ _id: sourceId, accountId, kind: "purchase" });
  if (!purchase) return null;
  return {
    purchase,
    claims: await ledger.find({ of: sourceId, accountId }).sort({ seq: 1 }).toArray(),
  };
}

/** A receipt that could not be mailed for so long is not sent out of the blue, such as once mail is set up. */
const MAILED_WITHIN_MS = 7 * 86_400_000;

/** Purchases and refunds that have not been mailed and which nobody is mailing now. */
export async function listUnmailed(now: Date): Promise<LedgerEntry[]> {
  return ledger
    .find({
      "receipt.dueAt": { $lte: now },
      at: { $gte: new Date(now.getTime() - MAILED_WITHIN_MS) },
    })
    .limit(50)
    .toArray();
}
