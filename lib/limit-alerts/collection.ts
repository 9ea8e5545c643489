import { collection } from "@/lib/db/collection";
import { ALERT_DAYS, type LimitAlert } from "./schema";

export const limitAlerts = collection<LimitAlert>("limit_alerts");

export async function ensureIndexes(): Promise<void> {
  await limitAlerts.createIndexes([
    { key: { accountId: 1, at: -1 }, name: "account" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: ALERT_DAYS * 86_400 },
  ]);
}
