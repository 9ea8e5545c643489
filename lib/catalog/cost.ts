import { nano, type Nano } from "@/lib/money";
import type { Rates, TokenRates, Usage } from "./schema";

/**
 * What a usage costs: each disjoint count times its rate, summed exactly and rounded up once. Long-context tiers are chosen
 * by the whole input, cached tokens too, and reprice the whole request.
 */
export function costOf({ rates, usage }: { rates: Rates; usage: Usage }): Nano {
  const r = tierOf(rates, totalInput(usage));
  let millionths = times(usage.input, r.input) + times(usage.output, r.output);
  millionths +=
    times(usage.cacheRead, r.cacheRead) +
    times(usage.cacheWrite5m, r.cacheWrite5m) +
    times(usage.cacheWrite1h, r.cacheWrite1h);
  millionths += times(usage.inputAudio, r.inputAudio ?? r.input) + times(usage.outputAudio, r.outputAudio ?? r.output);
  millionths += times(usage.inputImage, r.inputImage ?? r.input) + times(usage.outputImage, r.outputImage ?? r.output);
  millionths +=
    times(usage.cacheReadAudio, r.cacheReadAudio ?? r.cacheRead) +
    times(usage.cacheReadImage, r.cacheReadImage ?? r.cacheRead);
  millionths += times(usage.milliseconds, rates.perSecond) * 1_000n;
  millionths +=
    (times(usage.images, rates.perImage) + times(usage.characters, rates.perCharacter) + callsOf(rates, usage)) *
    1_000_000n;
  return nano(Number((millionths + 999_999n) / 1_000_000n));
}

/** Every token that went in, whatever it was billed as. */
export function totalInput(usage: Usage): number {
  const {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    inputAudio = 0,
    inputImage = 0,
    cacheReadAudio = 0,
    cacheReadImage = 0,
  } = usage;
  return input + cacheRead + cacheWrite5m + cacheWrite1h + inputAudio + inputImage + cacheReadAudio + cacheReadImage;
}

function tierOf(rates: Rates, input: number): TokenRates {
  let chosen: { aboveInputTokens: number; rates: TokenRates } = { aboveInputTokens: -1, rates };
  for (const tier of rates.tiers ?? []) {
    if (input > tier.aboveInputTokens && tier.aboveInputTokens > chosen.aboveInputTokens)
      chosen = { aboveInputTokens: tier.aboveInputTokens, rates: tier };
  }
  return chosen.rates;
}

/** Calls of a tool that has no price at this model cost nothing. */
function callsOf(rates: Rates, usage: Usage): bigint {
  let sum = 0n;
  for (const [name, count] of Object.entries(usage.calls ?? {})) sum += times(count, rates.perCall?.[name]);
  return sum;
}

const times = (count: number | undefined, rate: number | undefined): bigint =>
  count && rate ? BigInt(count) * BigInt(rate) : 0n;
