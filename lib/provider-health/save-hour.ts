import { isDuplicate } from "@/lib/errors";
import { healthDays, healthState } from "./collection";
import { HOUR_MS, type HourTallies } from "./schema";

/** The place of an hour: its day's document, and its name in it. */
export const placeOf = (hour: Date): { day: string; hour: string } => ({
  day: hour.toISOString().slice(0, 10),
  hour: hour.toISOString().slice(11, 13),
});

/** Stores the tallies of an hour in place of those that were there. */
export async function saveHour(
  hour: Date,
  { subjects, channels, models }: HourTallies,
): Promise<void> {
  const place = placeOf(hour);
  const day = new Date(Math.floor(hour.getTime() / (24 * HOUR_MS)) * 24 * HOUR_MS);
  await healthDays.updateOne(
    { _id: place.day },
    {
      $set: {
        [`hours.${place.hour}`]: subjects,
        [`channels.${place.hour}`]: channels,
        [`models.${place.hour}`]: models,
      },
      $setOnInsert: { day },
    },
    { upsert: true },
  );
}

/** Takes on the counting of the hours before this one. False if another process has, or did it before. */
export async function claimHour(current: Date): Promise<boolean> {
  try {
    const { modifiedCount, upsertedCount } = await healthState.updateOne(
      { _id: "hours", claimed: { $lt: current } },
      { $set: { claimed: current } },
      { upsert: true },
    );
    return modifiedCount + upsertedCount > 0;
  } catch (error) {
    // The document is there and not older: an upsert would make it twice.
    if (isDuplicate(error)) return false;
    throw error;
  }
}
