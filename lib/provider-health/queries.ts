import { now } from "@/lib/clock";
import { healthDays } from "./collection";
import { HOUR_MS, sumTallies, type HealthDay, type HealthTally } from "./schema";

/** The days from a moment on by subject, oldest first. A day without requests has no document. */
export async function listHealthDays(
  from: Date,
): Promise<Omit<HealthDay, "channels" | "models">[]> {
  return healthDays
    .find({ day: { $gte: from } }, { projection: { channels: 0, models: 0 } })
    .sort({ day: 1 })
    .toArray();
}

/** How a channel did in the last 24 hours that ended, and in all hours since a day. */
export type ChannelHealth = { id: string; lately: HealthTally; all: HealthTally };

/** How each channel did since a day, for the operator. An hour is counted after its end. */
export async function listChannelHealth(from: Date): Promise<ChannelHealth[]> {
  const days = await healthDays
    .find({ day: { $gte: from } }, { projection: { hours: 0, models: 0 } })
    .toArray();
  const hours = days.flatMap(({ day, channels = {} }) =>
    Object.entries(channels).map(([hour, tallies]) => ({
      at: day.getTime() + Number(hour) * HOUR_MS,
      tallies,
    })),
  );
  const currentHour = Math.floor(now() / HOUR_MS) * HOUR_MS;
  const lastDay = hours.filter(({ at }) => at >= currentHour - 24 * HOUR_MS);
  const ids = [...new Set(hours.flatMap(({ tallies }) => Object.keys(tallies)))].toSorted();
  const tallyOf = (id: string, all: typeof hours) =>
    sumTallies(all.flatMap(({ tallies }) => tallies[id] ?? []));
  return ids.map((id) => ({ id, lately: tallyOf(id, lastDay), all: tallyOf(id, hours) }));
}

/** How each model did in all hours since a day, by its id. An hour is counted after its end. */
export async function listModelHealth(from: Date): Promise<Map<string, HealthTally>> {
  const days = await healthDays
    .find({ day: { $gte: from } }, { projection: { models: 1 } })
    .toArray();
  const hours = days.flatMap(({ models = {} }) => Object.values(models));
  const fields = new Set(hours.flatMap((tallies) => Object.keys(tallies)));
  return new Map(
    [...fields].map((field) => [
      field.replaceAll("%2E", "."),
      sumTallies(hours.flatMap((tallies) => tallies[field] ?? [])),
    ]),
  );
}
