import { healthDays } from "./collection";
import type { HealthDay } from "./schema";

/** The days from a moment on, oldest first. A day without requests has no document. */
export async function listHealthDays(from: Date): Promise<HealthDay[]> {
  return healthDays
    .find({ day: { $gte: from } })
    .sort({ day: 1 })
    .toArray();
}
