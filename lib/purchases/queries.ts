import { purchases } from "./collection";
import type { Purchase } from "./schema";

export async function findPurchase(id: string): Promise<Purchase | null> {
  return purchases.findOne({ _id: id });
}

/** A purchase of this account; null for another's as for a missing one. */
export async function findOwnPurchase({
  accountId,
  id,
}: {
  accountId: string;
  id: string;
}): Promise<Purchase | null> {
  return purchases.findOne({ _id: id, accountId });
}

/** What an account bought lately and what became of it, the newest first. */
export async function listPurchases({
  accountId,
  limit,
}: {
  accountId: string;
  limit: number;
}): Promise<Purchase[]> {
  return purchases.find({ accountId }).sort({ createdAt: -1 }).limit(limit).toArray();
}

export async function countOpen({
  accountId,
  kind,
}: {
  accountId: string;
  kind: Purchase["kind"];
}): Promise<number> {
  return purchases.countDocuments({ accountId, status: "open", kind });
}

/** Open purchases about which Stripe is to be asked by now. */
export async function listDue(now: Date): Promise<Purchase[]> {
  const due = { status: "open", checkAt: { $lte: now } } as const;
  return purchases.find(due).sort({ checkAt: 1 }).limit(100).toArray();
}

/** Purchases that were paid otherwise than ordered and wait for the operator, the oldest first. */
export async function listAttention(): Promise<Purchase[]> {
  return purchases.find({ status: "attention" }).sort({ createdAt: 1 }).limit(500).toArray();
}
