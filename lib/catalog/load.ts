import { NANO_PER_CREDIT, parseCredits } from "@/lib/money";
import type {
  ListedModel,
  ListedPrice,
  ListedRates,
  ListedServiceTier,
  ListedTokens,
} from "./listed";
import { Model, type Price, type Rates, type TokenRates } from "./schema";

/** Turns a written-down model into the one that requests are priced by. Throws a RangeError for a price that no integer rate states. */
export function loadModel({ prices, maxInput, ...facts }: ListedModel): Model {
  return Model.parse({
    ...facts,
    reasoning: facts.capabilities.includes("reasoning"),
    maxInput: maxInput ?? facts.context,
    prices: prices.map(priceOf),
  });
}

function priceOf({ from, rates, serviceTiers, endpointRates }: ListedPrice): Price {
  const standard = ratesOf(rates);
  return {
    from,
    rates: standard,
    ...(serviceTiers
      ? { serviceTiers: mapValues(serviceTiers, (tier) => serviceTierOf(standard, tier)) }
      : {}),
    ...(endpointRates ? { endpointRates: mapValues(endpointRates, ratesOf) } : {}),
  };
}

const mapValues = <T, R>(record: Record<string, T>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

function serviceTierOf(standard: Rates, tier: ListedServiceTier): Rates {
  if (typeof tier === "number") return scaleRates(standard, Math.round(tier * 1000));
  return {
    ...standard,
    ...tokensOf(tier),
    ...(tier.tiers ? { tiers: tier.tiers.map(tierOf) } : {}),
  };
}

const tierOf = (tier: ListedTokens & { aboveInputTokens: number }) => ({
  aboveInputTokens: tier.aboveInputTokens,
  ...tokensOf(tier),
});

function ratesOf(listedRates: ListedRates): Rates {
  const { tiers, perImage, perInputImage, imagePrices, perMillionCharacters, perThousandCalls } =
    listedRates;
  const perHour = listedRates.perHour === undefined ? undefined : nanoOf(listedRates.perHour);
  const perMinute = listedRates.perMinute === undefined ? undefined : nanoOf(listedRates.perMinute);
  const hour = perHour ?? (perMinute === undefined ? undefined : perMinute * 60);
  const calls = Object.entries(perThousandCalls ?? {}).map(
    ([name, usd]) => [name, share(usd, 1_000)] as const,
  );
  return {
    ...tokensOf(listedRates),
    ...(tiers ? { tiers: tiers.map(tierOf) } : {}),
    ...(perImage === undefined ? {} : { perImage: nanoOf(perImage) }),
    ...(imagePrices
      ? { imagePrices: imagePrices.map(({ usd, ...image }) => ({ ...image, rate: nanoOf(usd) })) }
      : {}),
    ...(perInputImage === undefined ? {} : { perInputImage: nanoOf(perInputImage) }),
    ...(hour === undefined ? {} : { perHour: hour }),
    ...(perMillionCharacters === undefined
      ? {}
      : { perCharacter: share(perMillionCharacters, 1_000_000) }),
    ...(perThousandCalls ? { perCall: Object.fromEntries(calls) } : {}),
  };
}

const MEDIA = [
  "inputAudio",
  "outputAudio",
  "inputImage",
  "outputImage",
  "inputVideo",
  "cacheReadAudio",
  "cacheReadImage",
] as const;

/** Where no cached price is published, cached input is billed as input. */
function tokensOf(listedRates: ListedTokens): TokenRates {
  const short = listedRates.cacheWrite5m ?? listedRates.input;
  const rates: TokenRates = {
    input: nanoOf(listedRates.input),
    output: nanoOf(listedRates.output),
    cacheRead: nanoOf(listedRates.cacheRead ?? listedRates.input),
    cacheWrite5m: nanoOf(short),
    cacheWrite1h: nanoOf(listedRates.cacheWrite1h ?? short),
  };
  for (const unit of MEDIA) {
    const usd = listedRates[unit];
    if (usd !== undefined) rates[unit] = nanoOf(usd);
  }
  return rates;
}

/** Multiplies every token rate, of every tier, by thousandths; other units keep their price. */
export function scaleRates(rates: Rates, permille: number): Rates {
  const { tiers, perImage, perInputImage, imagePrices, perHour, perCharacter, perCall, ...tokens } =
    rates;
  return {
    ...scaleTokens(tokens, permille),
    ...(tiers
      ? {
          tiers: tiers.map(({ aboveInputTokens, ...tier }) => ({
            aboveInputTokens,
            ...scaleTokens(tier, permille),
          })),
        }
      : {}),
    ...(perImage === undefined ? {} : { perImage }),
    ...(imagePrices ? { imagePrices } : {}),
    ...(perInputImage === undefined ? {} : { perInputImage }),
    ...(perHour === undefined ? {} : { perHour }),
    ...(perCharacter === undefined ? {} : { perCharacter }),
    ...(perCall ? { perCall } : {}),
  };
}

function scaleTokens(tokens: TokenRates, permille: number): TokenRates {
  const rates = { ...tokens };
  for (const unit of Object.keys(rates) as (keyof TokenRates)[])
    rates[unit] = exactly(BigInt(rates[unit] ?? 0) * BigInt(permille), 1_000);
  return rates;
}

const nanoOf = (usd: number): number => parseCredits(String(usd));

const share = (usd: number, parts: number): number => exactly(BigInt(nanoOf(usd)), parts);

/** Divides without a remainder, or rejects the catalog: a rate is never rounded. */
function exactly(amount: bigint, parts: number): number {
  if (amount % BigInt(parts) !== 0n)
    throw new RangeError(
      `A price of ${amount}/${NANO_PER_CREDIT} does not divide by ${parts} into an integer of nano-credits.`,
    );
  return Number(amount / BigInt(parts));
}
