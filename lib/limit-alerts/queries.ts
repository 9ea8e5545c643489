import { limitAlerts } from "./collection";
import type { LimitAlert } from "./schema";

/** The alerts that an account was sent, the newest first. */
export async function listAlerts({
  accountId,
  limit,
}: {
  accountId: string;
  limit: number;
}): Promise<LimitAlert[]> {
  return limitAlerts.find({ accountId, isSent: true }).sort({ at: -1 }).limit(limit).toArray();
}
