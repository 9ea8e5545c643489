import { z } from "zod";
import type { HealthSample, UsageRow } from "@/lib/usage/schema";

/** Counts of values by the bucket they fall into: see `bucketOf`. */
const LatencyHistogram = z.record(z.string(), z.number().int());
export type LatencyHistogram = z.infer<typeof LatencyHistogram>;

/** What is known of the requests of one hour, to one provider or to all of OneKey. */
export const HealthTally = z.object({
  /** Requests that were sent to the provider; for OneKey: that it accepted. */
  sent: z.number().int(),
  /** Those of them that it answered, see `outcomeOf`. */
  answered: z.number().int(),
  /** Milliseconds to the first byte, of streams that were answered. */
  firstByte: LatencyHistogram,
  /** Output tokens a second, of streams that were answered. */
  speed: LatencyHistogram,
  /** Milliseconds of OneKey itself, see `ownMs` of a row: only in OneKey's tally. Earlier hours have none. */
  own: LatencyHistogram.optional(),
});
export type HealthTally = z.infer<typeof HealthTally>;

/** Whose requests a tally counts: a provider by its name, or `onekey`. */
export type HealthSubject = string;

/** Tallies by the hour, `00` to `23`, and by their subject or channel. An hour without requests is empty. */
const TalliesByHour = z.record(z.string(), z.record(z.string(), HealthTally));

/** The hours of one UTC day. Nothing in it names an account. One document a day. */
export const HealthDay = z.object({
  /** Such as `2026-11-24`. */
  _id: z.string(),
  day: z.date(),
  /** By subject, for everyone. */
  hours: TalliesByHour,
  /** By channel, for the operator; hours of earlier versions are missing. */
  channels: TalliesByHour.optional(),
  /** By model, its id as `modelField` writes it, for everyone; hours of earlier versions are missing. */
  models: TalliesByHour.optional(),
});
export type HealthDay = z.infer<typeof HealthDay>;

/** The tallies of one hour. */
export type HourTallies = {
  subjects: Record<HealthSubject, HealthTally>;
  channels: Record<string, HealthTally>;
  models: Record<string, HealthTally>;
};

/** The id of a model as the name of a field, in which MongoDB reads a dot as a step into an object. */
export const modelField = (model: string): string => model.replaceAll(".", "%2E");

export const HEALTH_DAYS = 90;
export const HOUR_MS = 3_600_000;

export const emptyTally = (): HealthTally => ({ sent: 0, answered: 0, firstByte: {}, speed: {} });

/**
 * The bucket of a positive value: eight for each doubling, so that a percentile read from it is at most 4.5 % off.
 */
export const bucketOf = (value: number): string =>
  String(Math.round(Math.log2(Math.max(1, value)) * 8));

/** The value in the middle of a bucket. */
const valueOf = (bucket: string): number => 2 ** (Number(bucket) / 8);

/** The value below which so much of a histogram lies (0 to 1), or null where it is empty. */
export function percentileOf(histogram: LatencyHistogram, part: number): number | null {
  const buckets = Object.entries(histogram).toSorted(([a], [b]) => Number(a) - Number(b));
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= part * total) return valueOf(bucket);
  }
  return null;
}

type RequestOutcome = "answered" | "failed" | "not sent";

/**
 * Whether a provider answered a request. An error about the request, such as a 400, counts as answered; a 429, a 5xx, a
 * timeout or a response that was cut does not. What OneKey refused, or lost with its own process, was not the provider's.
 */
export function outcomeOf({
  endedBy,
  status,
}: Pick<UsageRow, "endedBy" | "status">): RequestOutcome {
  switch (endedBy) {
    case "complete":
    case "client_left":
      return "answered";
    case "provider_error":
      return status >= 500 || status === 429 ? "failed" : "answered";
    case "provider_cut":
    case "timeout":
      return "failed";
    case "refused":
    case "interrupted":
      return "not sent";
  }
}

type RequestSample = Omit<HealthSample, "at">;

/** Adds a request to the tallies of its hour: those of its provider, channel and model, and OneKey's. */
export function addSample({ subjects, channels, models }: HourTallies, row: RequestSample): void {
  const tally = (subjects.onekey ??= emptyTally());
  tally.sent++;
  if (row.endedBy !== "interrupted" && row.endedBy !== "refused") tally.answered++;
  if (outcomeOf(row) === "not sent") return;
  if (row.ownMs !== undefined) addTo((tally.own ??= {}), row.ownMs);
  addOutcome((subjects[row.provider] ??= emptyTally()), row);
  addOutcome((channels[row.channel] ??= emptyTally()), row);
  addOutcome((models[modelField(row.model)] ??= emptyTally()), row);
}

function addOutcome(tally: HealthTally, row: RequestSample): void {
  tally.sent++;
  if (outcomeOf(row) === "failed") return;
  tally.answered++;
  if (!row.stream || row.firstByteMs === null || row.endedBy !== "complete") return;
  addTo(tally.firstByte, row.firstByteMs);
  const seconds = (row.latencyMs - row.firstByteMs) / 1000;
  // A few tokens, or a moment, say nothing about speed.
  if (row.tokens.output >= 20 && seconds >= 0.1) addTo(tally.speed, row.tokens.output / seconds);
}

function addTo(histogram: LatencyHistogram, value: number): void {
  const bucket = bucketOf(value);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** The sum of tallies. */
export function sumTallies(tallies: HealthTally[]): HealthTally {
  const sum = emptyTally();
  for (const tally of tallies) {
    sum.sent += tally.sent;
    sum.answered += tally.answered;
    for (const name of ["firstByte", "speed", "own"] as const)
      for (const [bucket, count] of Object.entries(tally[name] ?? {})) {
        const histogram = (sum[name] ??= {});
        histogram[bucket] = (histogram[bucket] ?? 0) + count;
      }
  }
  return sum;
}
