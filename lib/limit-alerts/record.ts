import { isDuplicate } from "@/lib/errors";
import { limitAlerts } from "./collection";
import type { LimitAlert } from "./schema";

/** Takes an alert: true for the one caller that may send it, false when it was taken before. */
export async function takeAlert(alert: LimitAlert): Promise<boolean> {
  try {
    await limitAlerts.insertOne(alert);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Gives an alert back whose mail could not be sent, so that it is tried again. */
export async function returnAlert(id: string): Promise<void> {
  await limitAlerts.deleteOne({ _id: id });
}

/** Notes how many people and webhook endpoints got an alert. */
export async function noteRecipients(
  id: string,
  sentTo: NonNullable<LimitAlert["sentTo"]>,
): Promise<void> {
  await limitAlerts.updateOne({ _id: id }, { $set: { sentTo } });
}

/** Deletes the alerts of a deleted account. */
export async function eraseAlerts(accountId: string): Promise<void> {
  await limitAlerts.deleteMany({ accountId });
}
