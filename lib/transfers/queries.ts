import type { ChainName } from "@/lib/wallets/schema";
import { cursors, unmatchedTransfers, transfers } from "./collection";
import type { UnmatchedTransfer, Transfer } from "./schema";

/** An account's latest transfers, newest first. */
export async function listTransfers({
  accountId,
  limit,
}: {
  accountId: string;
  limit: number;
}): Promise<Transfer[]> {
  return transfers.find({ accountId }).sort({ sentAt: -1 }).limit(limit).toArray();
}

/** How long transfers that were credited since a moment waited from their block on, in milliseconds, of all accounts. */
export async function listCreditedWaits({ from }: { from: Date }): Promise<number[]> {
  const creditedTransfers = transfers.find<Pick<Transfer, "seenAt" | "endedAt">>(
    { endedAt: { $gte: from }, state: "credited" },
    { projection: { _id: 0, seenAt: 1, endedAt: 1 } },
  );
  return (await creditedTransfers.toArray()).flatMap(({ seenAt, endedAt }) =>
    seenAt === null || endedAt === null ? [] : [endedAt.getTime() - seenAt.getTime()],
  );
}

/** How many of an account's transfers are still in progress. */
export async function countOpen(accountId: string): Promise<number> {
  return transfers.countDocuments({ accountId, state: { $in: ["sent", "seen"] } });
}

/** Transfers in progress that are due by now, the longest waiting first. */
export async function listDue({ now, limit }: { now: Date; limit: number }): Promise<Transfer[]> {
  return transfers
    .find({ state: { $in: ["sent", "seen"] }, checkAt: { $lte: now } })
    .sort({ checkAt: 1 })
    .limit(limit)
    .toArray();
}

export async function findUnmatched(id: string): Promise<UnmatchedTransfer | null> {
  return unmatchedTransfers.findOne({ _id: id });
}

/** Transfers from unknown senders that nobody has assigned, the oldest first. */
export async function listWaitingUnmatched(limit: number): Promise<UnmatchedTransfer[]> {
  return unmatchedTransfers.find({ state: "waiting" }).sort({ foundAt: 1 }).limit(limit).toArray();
}

export async function listUnmatchedFrom(address: string): Promise<UnmatchedTransfer[]> {
  return unmatchedTransfers.find({ from: address, state: "waiting" }).toArray();
}

/** Which of these transactions have an unmatched transfer on record. */
export async function findKnownHashes({
  chain,
  hashes,
}: {
  chain: ChainName;
  hashes: string[];
}): Promise<Set<string>> {
  const rows = await unmatchedTransfers
    .find<{ hash: string }>({ chain, hash: { $in: hashes } }, { projection: { hash: 1 } })
    .toArray();
  return new Set(rows.map(({ hash }) => hash));
}

/** The last block searched; null for a chain that was never searched. */
export async function findCursor(chain: ChainName): Promise<number | null> {
  return (await cursors.findOne({ _id: chain }))?.block ?? null;
}
