import { ledger } from "./collection";

const LEASE_MS = 120_000;

/** Takes the mailing of a receipt for two minutes; false when it was mailed or somebody else is at it. */
export async function leaseReceipt({
  sourceId,
  now,
}: {
  sourceId: string;
  now: number;
}): Promise<boolean> {
  const result = await ledger.updateOne(
    { _id: sourceId, "receipt.dueAt": { $lte: new Date(now) } },
    { $set: { "receipt.dueAt": new Date(now + LEASE_MS) } },
  );
  return result.modifiedCount === 1;
}

export async function markReceiptMailed({
  sourceId,
  at,
}: {
  sourceId: string;
  at: Date;
}): Promise<void> {
  await ledger.updateOne(
    { _id: sourceId },
    { $set: { "receipt.mailedAt": at }, $unset: { "receipt.dueAt": "" } },
  );
}
