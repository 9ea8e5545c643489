import type { Usage } from "@/lib/catalog/schema";

/** A usage object as a provider states it: any JSON. */
export type StatedFields = Record<string, unknown>;

/** Later figures replace earlier ones field by field; a field that is missing or null keeps what it had. */
export function merge(earlier: StatedFields, later: StatedFields): StatedFields {
  return {
    ...earlier,
    ...Object.fromEntries(
      Object.entries(later).filter(([, value]) => value !== null && value !== undefined),
    ),
  };
}

export const milliseconds = (seconds: number): number =>
  Number.isFinite(seconds) && seconds > 0 ? Math.ceil(Number((seconds * 1000).toFixed(3))) : 0;

export const TOKENS = [
  "input",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "output",
  "reasoning",
] as const;

const EXTRAS = [
  "inputAudio",
  "outputAudio",
  "inputImage",
  "outputImage",
  "inputVideo",
  "cacheReadAudio",
  "cacheReadImage",
  "images",
  "inputImages",
  "milliseconds",
  "characters",
] as const;

const FACTS = ["serviceTier", "speed", "inferenceGeo", "model"] as const;

/** Drops optional counts that are zero. */
export function withExtras(usage: Usage): Usage {
  const {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    output,
    reasoning,
    calls,
    rounds,
    byModel,
  } = usage;
  const keptUsage: Usage = { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning };
  for (const name of EXTRAS) {
    const value = usage[name];
    if (value) keptUsage[name] = value;
  }
  for (const name of FACTS) {
    const value = usage[name];
    if (value !== undefined) keptUsage[name] = value;
  }
  if (byModel !== undefined) keptUsage.byModel = byModel;
  if (rounds !== undefined && rounds.length > 1) keptUsage.rounds = rounds;
  for (const name in calls) {
    const times = calls[name] ?? 0;
    if (times > 0) (keptUsage.calls ??= {})[name] = times;
  }
  return keptUsage;
}

export function count(fields: StatedFields, key: string): number {
  const value = fields[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

export function object(fields: StatedFields, key: string): StatedFields {
  const value = fields[key];
  return isStated(value) ? value : {};
}

export function list(fields: StatedFields, key: string): StatedFields[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isStated) : [];
}

/** Google's numbers of modalities, which `enum-encoding=int` states: google/ai/generativelanguage/v1beta/content.proto. */
const MODALITY_NUMBERS: Record<string, number> = { TEXT: 1, IMAGE: 2, VIDEO: 3, AUDIO: 4 };

export const modality = (fields: StatedFields, key: string, name: string): number =>
  list(fields, key).reduce((sum, detail) => {
    const isNamed = detail.modality === name || detail.modality === MODALITY_NUMBERS[name];
    return sum + (isNamed ? count(detail, "tokenCount") : 0);
  }, 0);

export const isStated = (value: unknown): value is StatedFields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
