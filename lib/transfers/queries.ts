import type { ChainName } from "@/lib/wallets/schema";
import { cursors, strays, transfers } from "./collection";
import type { UnmatchedTransfer, Transfer } from "./schema";

/** An account's latest transfers, newest first. */
export async function listTransfers({
  accountId,
  limit,
}: {
  accountId: string;
  limit: number;
}): Promise<Transfer[]> {
  return (await transfers()).find({ accountId }).sort({ sentAt: -1 }).limit(limit).toArray();
}

/** How many of an account's transfers are still under way. */
export async function countOpen(accountId: string): Promise<number> {
  return (await transfers()).countDocuments({ accountId, state: { $in: ["sent", "seen"] } });
}

/** Transfers under way that are to be looked at by now, the longest waiting first. */
export async function listDue({ now, limit }: { now: Date; limit: number }): Promise<Transfer[]> {
  return (await transfers())
    .find({ state: { $in: ["sent", "seen"] }, checkAt: { $lte: now } })
    .sort({ checkAt: 1 })
    .limit(limit)
    .toArray();
}

export async function findStray(id: string): Promise<UnmatchedTransfer | null> {
  return (await strays()).findOne({ _id: id });
}

/** Transfers from unknown senders that nobody has assigned, the oldest first. */
export async function listWaitingStrays(limit: number): Promise<UnmatchedTransfer[]> {
  return (await strays()).find({ state: "waiting" }).sort({ foundAt: 1 }).limit(limit).toArray();
}

export async function listStraysFrom(address: string): Promise<UnmatchedTransfer[]> {
  return (await strays()).find({ from: address, state: "waiting" }).toArray();
}

/** Which of these transactions have a stray on record. */
export async function knownStrays({
  chain,
  hashes,
}: {
  chain: ChainName;
  hashes: string[];
}): Promise<Set<string>> {
  const found = await (
    await strays()
  )
    .find({ chain, hash: { $in: hashes } })
    .project<{ hash: string }>({ hash: 1 })
    .toArray();
  return new Set(found.map((stray) => stray.hash));
}

/** The last block searched; null for a chain that was never searched. */
export async function findCursor(chain: ChainName): Promise<number | null> {
  return (await (await cursors()).findOne({ _id: chain }))?.block ?? null;
}
