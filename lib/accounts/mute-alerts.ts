import { AppError } from "@/lib/errors";
import { accounts } from "./collection";
import type { LimitAlertKind } from "./schema";

/** Switches a kind of alert off, or on again. Throws not_found. */
export async function muteAlerts({
  accountId,
  kind,
  isMuted,
}: {
  accountId: string;
  kind: LimitAlertKind;
  isMuted: boolean;
}): Promise<void> {
  const result = await accounts.updateOne(
    { _id: accountId, erasedAt: { $exists: false } },
    isMuted ? { $addToSet: { mutedAlerts: kind } } : { $pull: { mutedAlerts: kind } },
  );
  if (result.matchedCount === 0) throw new AppError("not_found", "There is no such account.");
}
