import { nano, type NanoCredits } from "@/lib/money";
import type { Rates, TokenRates, TokenCounts, Usage } from "./schema";

/**
 * What a usage costs: each disjoint count times its rate, summed exactly and rounded up once. Long-context tiers are chosen
 * by the complete input, cached tokens too, and reprice the complete request, or each of its rounds separately.
 */
export const costOf = (part: { rates: Rates; usage: Usage }): NanoCredits =>
  roundUp(sharesOf(part));

/** The same for a request whose parts have different rates: their sum is rounded up once. */
export function costOfParts(parts: { rates: Rates; usage: Usage }[]): NanoCredits {
  return roundUp(parts.reduce((sum, part) => sum + sharesOf(part), 0n));
}

const roundUp = (shares: bigint): NanoCredits => nano(Number((shares + SHARES - 1n) / SHARES));

/** The shares of a nano-credit that sums are kept in: integers for a token at a rate per million, and for a millisecond at one per hour. */
const SHARES = 36_000_000n;
const PER_MILLION = SHARES / 1_000_000n;
const PER_HOUR = SHARES / 3_600_000n;

function sharesOf({ rates, usage }: { rates: Rates; usage: Usage }): bigint {
  let shares = 0n;
  const add = (count: number | undefined, rate: number | undefined, unit = PER_MILLION) => {
    if (count && rate) shares += BigInt(count) * BigInt(rate) * unit;
  };
  for (const tokens of usage.rounds ?? [usage]) {
    const r = tierOf(rates, totalInput(tokens));
    add(tokens.input, r.input);
    add(tokens.output, r.output);
    add(tokens.cacheRead, r.cacheRead);
    add(tokens.cacheWrite5m, r.cacheWrite5m);
    add(tokens.cacheWrite1h, r.cacheWrite1h);
    add(tokens.inputAudio, r.inputAudio ?? r.input);
    add(tokens.outputAudio, r.outputAudio ?? r.output);
    add(tokens.inputImage, r.inputImage ?? r.input);
    add(tokens.outputImage, r.outputImage ?? r.output);
    add(tokens.inputVideo, r.inputVideo ?? r.input);
    add(tokens.cacheReadAudio, r.cacheReadAudio ?? r.cacheRead);
    add(tokens.cacheReadImage, r.cacheReadImage ?? r.cacheRead);
  }
  add(usage.milliseconds, rates.perHour, PER_HOUR);
  add(usage.images, rates.perImage, SHARES);
  add(usage.inputImages, rates.perInputImage, SHARES);
  add(usage.characters, rates.perCharacter, SHARES);
  // Calls of a tool that has no price at this model cost nothing.
  for (const name in usage.calls) add(usage.calls[name], rates.perCall?.[name], SHARES);
  return shares;
}

/** Every token that went in, whatever it was billed as. */
export function totalInput(tokens: TokenCounts): number {
  const {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    inputAudio = 0,
    inputImage = 0,
    inputVideo = 0,
    cacheReadAudio = 0,
    cacheReadImage = 0,
  } = tokens;
  const media = inputAudio + inputImage + inputVideo + cacheReadAudio + cacheReadImage;
  return input + cacheRead + cacheWrite5m + cacheWrite1h + media;
}

/** The rates of a request with so much input: the highest long-context tier that it is above, else the usual ones. */
export function tierOf(rates: Rates, input: number): TokenRates {
  if (!rates.tiers) return rates;
  let highestTier: { aboveInputTokens: number; rates: TokenRates } = {
    aboveInputTokens: -1,
    rates,
  };
  for (const tier of rates.tiers) {
    if (input > tier.aboveInputTokens && tier.aboveInputTokens > highestTier.aboveInputTokens)
      highestTier = { aboveInputTokens: tier.aboveInputTokens, rates: tier };
  }
  return highestTier.rates;
}
