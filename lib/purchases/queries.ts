import { purchases } from "./collection";
import type { CardPurchase, Purchase } from "./schema";

export async function findPurchase(id: string): Promise<Purchase | null> {
  return (await purchases()).findOne({ _id: id });
}

export async function findByCheckout(checkout: string): Promise<CardPurchase | null> {
  const found = await (await purchases()).findOne({ checkout });
  return found && found.kind !== "transfer" ? found : null;
}

/** What an account bought lately and what became of it, the newest first. */
export async function listPurchases({ accountId, limit }: { accountId: string; limit: number }): Promise<Purchase[]> {
  return (await purchases()).find({ accountId }).sort({ createdAt: -1 }).limit(limit).toArray();
}

export async function countOpen({ accountId, kind }: { accountId: string; kind: Purchase["kind"] }): Promise<number> {
  return (await purchases()).countDocuments({ accountId, status: "open", kind });
}

/** Open purchases about which the payment system is to be asked by now. */
export async function listDue({ kinds, now }: { kinds: Purchase["kind"][]; now: Date }): Promise<Purchase[]> {
  const due = { status: "open", checkAt: { $lte: now }, kind: { $in: kinds } } as const;
  return (await purchases()).find(due).sort({ checkAt: 1 }).limit(100).toArray();
}
