import { catalogAsOf } from "./in-force";
import { isOffered, namedBy, ratesAt, servingModel, type RateQuery } from "./queries";
import type { Rates, TokenRates } from "./schema";

const PLAIN = {
  inputAudio: "input",
  inputImage: "input",
  inputVideo: "input",
  outputAudio: "output",
  outputImage: "output",
  cacheReadAudio: "cacheRead",
  cacheReadImage: "cacheRead",
} as const;
const UNITS = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  ...Object.keys(PLAIN),
] as (keyof TokenRates)[];

/**
 * Whether the rates of a request are above those that were in force for its model id at an earlier instant, in any unit. An id
 * that had no price then cannot have risen.
 */
export function hasRisen({
  id,
  rates,
  since,
  ...query
}: Omit<RateQuery, "model" | "at"> & { id: string; rates: Rates; since: Date }): boolean {
  const catalog = catalogAsOf(since);
  const earlierModel = namedBy(catalog, id, since);
  const model = earlierModel && servingModel(catalog, earlierModel, since);
  if (!model || !isOffered(model, since)) return false;
  const before = ratesAt({ ...query, model, at: since });
  return before !== null && isDearer(rates, before);
}

/** Whether any unit costs more, at any length of a request. */
export function isDearer(now: Rates, before: Rates): boolean {
  const lengths = [
    0,
    ...[...(now.tiers ?? []), ...(before.tiers ?? [])].map((tier) => tier.aboveInputTokens + 1),
  ];
  if (lengths.some((tokens) => isTokenDearer(tierOf(now, tokens), tierOf(before, tokens))))
    return true;
  const isMore = (a: number | undefined, b: number | undefined) => (a ?? 0) > (b ?? 0);
  const units = ["perImage", "perInputImage", "perHour", "perCharacter"] as const;
  if (units.some((unit) => isMore(now[unit], before[unit]))) return true;
  // A call that had no price before was not to be had.
  return Object.entries(before.perCall ?? {}).some(([name, rate]) =>
    isMore(now.perCall?.[name], rate),
  );
}

const isTokenDearer = (now: TokenRates, before: TokenRates) =>
  UNITS.some((unit) => rateOf(now, unit) > rateOf(before, unit));

const rateOf = (rates: TokenRates, unit: keyof TokenRates): number =>
  rates[unit] ?? (unit in PLAIN ? rates[PLAIN[unit as keyof typeof PLAIN]] : undefined) ?? 0;

const tierOf = (rates: Rates, input: number): TokenRates =>
  (rates.tiers ?? [])
    .filter((tier) => input > tier.aboveInputTokens)
    .sort((a, b) => b.aboveInputTokens - a.aboveInputTokens)[0] ?? rates;
