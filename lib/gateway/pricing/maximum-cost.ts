import { costOf, costOfParts } from "@/lib/catalog/cost";
import type { Model, Rates, Usage } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { Scan } from "../body-scan";

/** What of a request and its rates decides what its tokens can be billed as. */
interface PricedTokens {
  scan: Scan;
  model: Model;
  rates: Rates;
}

interface TokenKind<Name extends keyof Usage> {
  name: Name;
  /** Whether tokens of a request can be billed as this kind, at a rate that may be the dearest. */
  isPossible(request: PricedTokens): boolean;
}

type InputKind =
  | "input"
  | "cacheWrite5m"
  | "cacheWrite1h"
  | "inputAudio"
  | "inputImage"
  | "inputVideo";
type OutputKind = "output" | "outputImage" | "outputAudio";

const writesCache = ({ scan, model }: PricedTokens) =>
  providerRecord(model.provider).usage.cachesUnmarked || scan.cacheControl.isMarked;
const keepsCacheLong = ({ scan }: PricedTokens) => scan.longCache || scan.cacheControl.isLong;
const hasMediaRate =
  (name: "inputAudio" | "inputImage" | "inputVideo") => (request: PricedTokens) =>
    request.rates[name] !== undefined && request.scan.media.length > 0;

const INPUT_KINDS: readonly TokenKind<InputKind>[] = [
  { name: "input", isPossible: () => true },
  { name: "cacheWrite5m", isPossible: writesCache },
  {
    name: "cacheWrite1h",
    isPossible: (request) => writesCache(request) && keepsCacheLong(request),
  },
  { name: "inputAudio", isPossible: hasMediaRate("inputAudio") },
  { name: "inputImage", isPossible: hasMediaRate("inputImage") },
  { name: "inputVideo", isPossible: hasMediaRate("inputVideo") },
];

const OUTPUT_KINDS: readonly TokenKind<OutputKind>[] = [
  { name: "output", isPossible: () => true },
  { name: "outputImage", isPossible: ({ rates }) => rates.outputImage !== undefined },
  { name: "outputAudio", isPossible: ({ rates }) => rates.outputAudio !== undefined },
];

/** Tokens of each direction, and what is billed by other units. */
export interface TokenTotals {
  input: number;
  output: number;
  units: Partial<Usage>;
  /** What models that tools run are billed in addition. */
  drawn?: readonly { rates: Rates; usage: Usage }[] | undefined;
}

/** Written out: a spread of NO_USAGE costs a microsecond. */
const noUsage = (): Usage => ({
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
});

/** What a request costs whose tokens are all of one kind, in nano-credits. */
function costAs(
  rates: Rates,
  { input, output, units, drawn = [] }: TokenTotals,
  kinds: { input: InputKind; output: OutputKind },
): number {
  const usage: Usage = Object.assign(noUsage(), units);
  usage[kinds.input] = input;
  usage[kinds.output] = output;
  return drawn.length === 0 ? costOf({ rates, usage }) : costOfParts([{ rates, usage }, ...drawn]);
}

/** The cost of tokens that are billed as plain text. */
export const plainCost = (rates: Rates, totals: TokenTotals): number =>
  costAs(rates, totals, { input: "input", output: "output" });

/** The most that so many tokens can cost: all of the dearest kinds of input and output that the request can be billed for. */
export function maximumCost(request: PricedTokens, totals: TokenTotals): number {
  const { output, units, drawn } = totals;
  let maximum = 0;
  for (const input of inputsToPrice(request.rates, totals.input))
    for (const inputKind of INPUT_KINDS) {
      if (!inputKind.isPossible(request)) continue;
      for (const outputKind of OUTPUT_KINDS) {
        if (!outputKind.isPossible(request)) continue;
        const kinds = { input: inputKind.name, output: outputKind.name };
        const cost = costAs(request.rates, { input, output, units, drawn }, kinds);
        maximum = Math.max(maximum, cost);
      }
    }
  return maximum;
}

/** The largest input, and the largest below each tier of long prompts: a tier may be cheaper than the rates below it. */
function inputsToPrice({ tiers = [] }: Rates, input: number): number[] {
  const inputs = [input];
  for (const { aboveInputTokens } of tiers)
    if (aboveInputTokens < input) inputs.push(aboveInputTokens);
  return inputs;
}
