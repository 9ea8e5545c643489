import { strays } from "./collection";
import type { UnmatchedTransfer } from "./schema";

/** Records a transfer from an unknown sender, once. */
export async function recordStray(
  stray: Omit<UnmatchedTransfer, "state" | "accountId" | "assignedBy" | "assignedAt">,
): Promise<void> {
  const { _id, ...found } = stray;
  await (
    await strays()
  ).updateOne(
    { _id },
    {
      $setOnInsert: {
        ...found,
        state: "waiting",
        accountId: null,
        assignedBy: null,
        assignedAt: null,
      },
    },
    { upsert: true },
  );
}

/** Notes whose a stray is; false when it was assigned before. */
export async function markAssigned({
  id,
  accountId,
  assignedBy,
}: {
  id: string;
  accountId: string;
  assignedBy: string;
}): Promise<boolean> {
  const marked = await (
    await strays()
  ).updateOne(
    { _id: id, state: "waiting" },
    { $set: { state: "assigned", accountId, assignedBy, assignedAt: new Date() } },
  );
  return marked.modifiedCount === 1;
}
