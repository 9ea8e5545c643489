import { now } from "@/lib/clock";
import { listModelHealth } from "@/lib/provider-health/queries";
import { percentileOf, type HealthTally } from "@/lib/provider-health/schema";

const DAY_MS = 86_400_000;
const SPAN_DAYS = 7;
/** Below so many streams a median says nothing. */
const STREAMS_MIN = 20;
/** How long the figures of all models are kept, so that a page does not read them again. */
const FRESH_MS = 60_000;

/** Medians over seven days: output tokens a second, and milliseconds to the first byte. */
export type ModelSpeed = { tokensPerSecond: number; firstByteMs: number };

const store = globalThis as typeof globalThis & {
  __onekeySpeeds?: { tallies: Promise<Map<string, HealthTally>>; readAt: number };
};

/** How fast a model responded to the customers of this server; null with too few streams. */
export async function modelSpeed(id: string): Promise<ModelSpeed | null> {
  const tally = (await recentTallies()).get(id);
  if (!tally || streamsIn(tally.speed) < STREAMS_MIN) return null;
  const tokensPerSecond = percentileOf(tally.speed, 0.5);
  const firstByteMs = percentileOf(tally.firstByte, 0.5);
  return tokensPerSecond === null || firstByteMs === null ? null : { tokensPerSecond, firstByteMs };
}

const streamsIn = (histogram: HealthTally["speed"]): number =>
  Object.values(histogram).reduce((sum, count) => sum + count, 0);

/** A page does not fail for want of its speed: without the database there is none. */
async function recentTallies(): Promise<Map<string, HealthTally>> {
  const { __onekeySpeeds: latest } = store;
  if (latest && performance.now() - latest.readAt < FRESH_MS) return latest.tallies;
  const today = Math.floor(now() / DAY_MS) * DAY_MS;
  const tallies = listModelHealth(new Date(today - (SPAN_DAYS - 1) * DAY_MS)).catch(
    () => new Map<string, HealthTally>(),
  );
  store.__onekeySpeeds = { tallies, readAt: performance.now() };
  return tallies;
}
