import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { ALERT_DAYS, type LimitAlert } from "./schema";

export const limitAlerts = (): Promise<Collection<LimitAlert>> =>
  collection<LimitAlert>("limit_alerts");

export async function ensureIndexes(): Promise<void> {
  await (
    await limitAlerts()
  ).createIndexes([
    { key: { accountId: 1, at: -1 }, name: "account" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: ALERT_DAYS * 86_400 },
  ]);
}
