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

/** Writes what was found out about a transfer under way; one that has ended is not touched. Returns how it stands. */
export async function advanceTransfer(
  id: string,
  progress: TransferProgress,
): Promise<Transfer | null> {
  const all = await transfers();
  const moved = await all.findOneAndUpdate(
    { _id: id, state: { $in: ["sent", "seen"] } },
    { $set: progress },
    { returnDocument: "after" },
  );
  return moved ?? all.findOne({ _id: id });
}
