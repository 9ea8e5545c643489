import type { Model } from "@/lib/catalog/schema";
import type { UsageRow } from "@/lib/usage/schema";

/** So many of a model's newest exact streams are remembered, in this process only. */
const SAMPLES_MAX = 50;
const SAMPLES_MIN = 5;
/** Of fewer tokens the time says little. */
const OUTPUT_MIN = 50;

type PaceSample = { tokensPerSecond: number; firstTokenMs: number | null };
const samplesByModel = new Map<string, PaceSample[]>();

/** Remembers how fast a model wrote, by a row whose usage its provider stated. */
export function notePace(row: UsageRow): void {
  const { model, stream, endedBy, usageSource, latencyMs, firstByteMs, tokens } = row;
  if (!stream || endedBy !== "complete" || usageSource !== "provider") return;
  if (tokens.output < OUTPUT_MIN || latencyMs <= 0) return;
  const samples = samplesByModel.get(model) ?? [];
  // What was written unseen took its time before the first byte.
  const isPlain = tokens.reasoning === 0;
  const writingMs = isPlain ? latencyMs - (firstByteMs ?? 0) : latencyMs;
  if (writingMs <= 0) return;
  samples.push({
    tokensPerSecond: (tokens.output * 1_000) / writingMs,
    firstTokenMs: isPlain ? firstByteMs : null,
  });
  samplesByModel.set(model, samples.slice(-SAMPLES_MAX));
}

/** A model's usual rate of output and time to its first token: the medians of its exact streams, else the catalog's rate. */
export function paceOf({ id, tokensPerSecond }: Pick<Model, "id" | "tokensPerSecond">): {
  tokensPerSecond: number;
  firstTokenMs: number;
} {
  const samples = samplesByModel.get(id) ?? [];
  if (samples.length < SAMPLES_MIN) return { tokensPerSecond, firstTokenMs: 0 };
  const waits = samples.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  return {
    tokensPerSecond: median(samples.map((sample) => sample.tokensPerSecond)),
    firstTokenMs: waits.length < SAMPLES_MIN ? 0 : median(waits),
  };
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
