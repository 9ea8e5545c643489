import { limitAlerts } from "./collection";
import type { LimitAlert } from "./schema";

/** Whether an alert was taken: there is nothing more to send of it. */
export async function hasAlert(id: string): Promise<boolean> {
  return (await limitAlerts.findOne({ _id: id }, { projection: { _id: 1 } })) !== null;
}

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
