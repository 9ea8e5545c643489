import { collection } from "@/lib/db/collection";
import { HEALTH_DAYS, HOUR_MS, type HealthDay } from "./schema";

export const healthDays = collection<HealthDay>("health");

/** One document: the hour before which all hours are counted, or being counted. */
export const healthState = collection<HealthState>("health_state");

type HealthState = { _id: "hours"; claimed: Date };

export async function ensureIndexes(): Promise<void> {
  await healthDays.createIndexes([
    {
      key: { day: 1 },
      name: "expiry",
      expireAfterSeconds: ((HEALTH_DAYS + 2) * 24 * HOUR_MS) / 1000,
    },
  ]);
}
