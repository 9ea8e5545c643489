import { now } from "@/lib/clock";
import { listHealthDays } from "@/lib/provider-health/queries";
import { claimHour, saveHour } from "@/lib/provider-health/save-hour";
import { addSample, HEALTH_DAYS, HOUR_MS, type HourTallies } from "@/lib/provider-health/schema";
import { eachSample, oldestRowAt } from "@/lib/usage/all-rows";

/** A request may run for an hour, and its row is written when it ends, so the last two hours are counted again. */
const OPEN_HOURS = 2;
/**
 * Counts the requests of the hours that have ended by provider and channel, and stores the counts for the status page and the
 * operator: once an hour, by the process that comes first. The same hour counted twice gives the same counts. Returns how many hours were counted.
 */
export async function countProviderHours({ clock = now, isForced = false } = {}): Promise<number> {
  const current = hourOf(clock());
  if (!(await claimHour(new Date(current))) && !isForced) return 0;
  const oldest = (await oldestRowAt())?.getTime();
  if (oldest === undefined) return 0;
  const earliest = current - HEALTH_DAYS * 24 * HOUR_MS;
  const countedHours = new Set(hoursIn(await listHealthDays(new Date(earliest - 24 * HOUR_MS))));
  let count = 0;
  for (let hour = current - HOUR_MS; hour >= Math.max(hourOf(oldest), earliest); hour -= HOUR_MS) {
    if (current - hour > OPEN_HOURS * HOUR_MS && countedHours.has(hour)) continue;
    await saveHour(new Date(hour), await countHour(hour));
    count++;
  }
  return count;
}

/** The tallies of the requests that arrived within an hour. */
export async function countHour(hour: number, to = hour + HOUR_MS): Promise<HourTallies> {
  const tallies: HourTallies = { subjects: {}, channels: {}, models: {} };
  for await (const row of eachSample({ from: new Date(hour), to: new Date(to) }))
    addSample(tallies, row);
  return tallies;
}

/** The beginning of the hour of a moment, in epoch milliseconds. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

function hoursIn(days: Awaited<ReturnType<typeof listHealthDays>>): number[] {
  return days.flatMap(({ day, hours }) =>
    Object.keys(hours).map((hour) => day.getTime() + Number(hour) * HOUR_MS),
  );
}
