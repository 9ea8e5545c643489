import { transfers } from "./collection";
import type { Transfer } from "./schema";

/** What was found out about a transfer; what is left out stays as it was. */
export type TransferProgress = Partial<
  Pick<
    Transfer,
    | "state"
    | "reason"
    | "parts"
    | "confirmations"
    | "needed"
    | "final"
    | "seenAt"
    | "endedAt"
    | "checkAt"
  >
>;

/** Writes the progress of an open transfer; one that has ended is not changed. Returns its state. */
export async function advanceTransfer(
  id: string,
  progress: TransferProgress,
): Promise<Transfer | null> {
  const transfer = await transfers.findOneAndUpdate(
    { _id: id, state: { $in: ["sent", "seen"] } },
    { $set: progress },
    { returnDocument: "after" },
  );
  return transfer ?? transfers.findOne({ _id: id });
}
