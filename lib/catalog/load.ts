import { z } from "zod";
import { NANO_PER_CREDIT, parseCredits } from "@/lib/money";
import data from "./models.json";
import {
  Model,
  ModelKind,
  Provider,
  type EndpointName,
  type Price,
  type Rates,
  type TokenRates,
} from "./schema";

/** The catalogue as it is written down (`models.json`): prices as the providers print them, in US dollars. */
const Usd = z.number().nonnegative();

const ListedTokens = z.object({
  input: Usd,
  output: Usd,
  cacheRead: Usd.optional(),
  cacheWrite5m: Usd.optional(),
  cacheWrite1h: Usd.optional(),
  inputAudio: Usd.optional(),
  outputAudio: Usd.optional(),
  inputImage: Usd.optional(),
  outputImage: Usd.optional(),
  cacheReadAudio: Usd.optional(),
  cacheReadImage: Usd.optional(),
});
type ListedTokens = z.infer<typeof ListedTokens>;

const ListedRates = ListedTokens.extend({
  tiers: z.array(ListedTokens.extend({ aboveInputTokens: z.number().int().positive() })).optional(),
  perImage: Usd.optional(),
  perMinute: Usd.optional(),
  perMillionCharacters: Usd.optional(),
  perThousandCalls: z.record(z.string(), Usd).optional(),
});
type ListedRates = z.infer<typeof ListedRates>;

/** A service tier is a factor over every token rate, or its own short-context rates (long context is then served at the default ones). */
const ListedPrice = z.object({
  from: z.iso.date(),
  rates: ListedRates,
  serviceTiers: z.record(z.string(), z.union([z.number().positive(), ListedTokens])).optional(),
});

const Listed = Model.omit({ endpoints: true, prices: true }).extend({
  provider: Provider,
  kind: ModelKind,
  responsesOnly: z.boolean().optional(),
  prices: z.array(ListedPrice).min(1),
});
type Listed = z.infer<typeof Listed>;

/** Reads and checks the catalogue; an impossible entry throws at start. */
export function loadModels(): Model[] {
  return z
    .array(Listed)
    .parse(data)
    .map(({ responsesOnly, prices, ...rest }) => {
      return Model.parse({
        ...rest,
        endpoints: endpointsOf({ ...rest, responsesOnly }),
        prices: prices.map(priceOf),
      });
    });
}

function priceOf({ from, rates, serviceTiers }: z.infer<typeof ListedPrice>): Price {
  const standard = ratesOf(rates);
  if (!serviceTiers) return { from, rates: standard };
  const tiers = Object.entries(serviceTiers).map(([name, tier]) => {
    return [
      name,
      typeof tier === "number"
        ? scaleRates(standard, Math.round(tier * 1000))
        : { ...standard, ...tokensOf(tier) },
    ] as const;
  });
  return { from, rates: standard, serviceTiers: Object.fromEntries(tiers) };
}

function ratesOf(listed: ListedRates): Rates {
  const { tiers, perImage, perMinute, perMillionCharacters, perThousandCalls } = listed;
  const calls = Object.entries(perThousandCalls ?? {}).map(
    ([name, usd]) => [name, share(usd, 1_000)] as const,
  );
  return {
    ...tokensOf(listed),
    ...(tiers
      ? {
          tiers: tiers.map((tier) => ({
            aboveInputTokens: tier.aboveInputTokens,
            ...tokensOf(tier),
          })),
        }
      : {}),
    ...(perImage === undefined ? {} : { perImage: nanoOf(perImage) }),
    ...(perMinute === undefined ? {} : { perSecond: share(perMinute, 60) }),
    ...(perMillionCharacters === undefined
      ? {}
      : { perCharacter: share(perMillionCharacters, 1_000_000) }),
    ...(perThousandCalls ? { perCall: Object.fromEntries(calls) } : {}),
  };
}

/** Where no cached price is published, cached input is billed as input. */
function tokensOf(listed: ListedTokens): TokenRates {
  const short = listed.cacheWrite5m ?? listed.input;
  const rates: TokenRates = {
    input: nanoOf(listed.input),
    output: nanoOf(listed.output),
    cacheRead: nanoOf(listed.cacheRead ?? listed.input),
    cacheWrite5m: nanoOf(short),
    cacheWrite1h: nanoOf(listed.cacheWrite1h ?? short),
  };
  for (const unit of [
    "inputAudio",
    "outputAudio",
    "inputImage",
    "outputImage",
    "cacheReadAudio",
    "cacheReadImage",
  ] as const) {
    const usd = listed[unit];
    if (usd !== undefined) rates[unit] = nanoOf(usd);
  }
  return rates;
}

/** Multiplies every token rate, of every tier, by thousandths; other units keep their price. */
export function scaleRates(rates: Rates, permille: number): Rates {
  const { tiers, perImage, perSecond, perCharacter, perCall, ...tokens } = rates;
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
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(perCharacter === undefined ? {} : { perCharacter }),
    ...(perCall ? { perCall } : {}),
  };
}

function scaleTokens(tokens: TokenRates, permille: number): TokenRates {
  const scaled = { ...tokens };
  for (const unit of Object.keys(scaled) as (keyof TokenRates)[])
    scaled[unit] = exactly(BigInt(scaled[unit] ?? 0) * BigInt(permille), 1_000);
  return scaled;
}

const nanoOf = (usd: number): number => parseCredits(String(usd));

const share = (usd: number, parts: number): number => exactly(BigInt(nanoOf(usd)), parts);

/** Divides without a rest, or refuses the catalogue: a rate is never rounded. */
function exactly(amount: bigint, parts: number): number {
  if (amount % BigInt(parts) !== 0n)
    throw new RangeError(
      `A price of ${amount}/${NANO_PER_CREDIT} does not divide by ${parts} into whole nano-credits.`,
    );
  return Number(amount / BigInt(parts));
}

function endpointsOf({
  provider,
  kind,
  responsesOnly,
}: Pick<Listed, "provider" | "kind" | "responsesOnly">): EndpointName[] {
  switch (kind) {
    case "text":
      if (provider === "anthropic")
        return ["messages", "messages.count_tokens", "chat.completions"];
      if (provider === "google")
        return [
          "gemini.generateContent",
          "gemini.streamGenerateContent",
          "gemini.countTokens",
          "chat.completions",
        ];
      if (provider === "xai")
        return responsesOnly ? ["responses"] : ["chat.completions", "responses"];
      return [
        ...(responsesOnly ? [] : ["chat.completions" as const]),
        "responses",
        "responses.input_tokens",
        "responses.compact",
      ];
    case "embedding":
      return provider === "google"
        ? ["gemini.embedContent", "gemini.batchEmbedContents", "gemini.countTokens", "embeddings"]
        : ["embeddings"];
    case "image":
      if (provider === "google")
        return ["gemini.generateContent", "gemini.streamGenerateContent", "gemini.countTokens"];
      return provider === "xai" ? ["images.generations"] : ["images.generations", "images.edits"];
    case "speech":
      return ["audio.speech"];
    case "transcription":
      return ["audio.transcriptions"];
    case "moderation":
      return ["moderations"];
  }
}
