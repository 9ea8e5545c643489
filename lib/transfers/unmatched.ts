import { unmatchedTransfers } from "./collection";
import type { UnmatchedTransfer } from "./schema";

/** Records a transfer from an unknown sender, once. */
export async function recordUnmatched(
  transfer: Omit<UnmatchedTransfer, "state" | "accountId" | "assignedBy" | "assignedAt">,
): Promise<void> {
  const { _id, ...fields } = transfer;
  await unmatchedTransfers.updateOne(
    { _id },
    {
      $setOnInsert: {
        ...fields,
        state: "waiting",
        accountId: null,
        assignedBy: null,
        assignedAt: null,
      },
    },
    { upsert: true },
  );
}

/** Assigns an unmatched transfer to an account; false when it was assigned before. */
export async function markAssigned({
  id,
  accountId,
  assignedBy,
}: {
  id: string;
  accountId: string;
  assignedBy: string;
}): Promise<boolean> {
  const result = await unmatchedTransfers.updateOne(
    { _id: id, state: "waiting" },
    { $set: { state: "assigned", accountId, assignedBy, assignedAt: new Date() } },
  );
  return result.modifiedCount === 1;
}
