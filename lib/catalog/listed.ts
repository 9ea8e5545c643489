import { z } from "zod";
import { EndpointName, ModelFacts } from "./schema";

/** US dollars as a provider prints them: for 1,000,000 tokens unless the name says another unit. */
const Usd = z.number().nonnegative();

const TOKEN_PRICES = {
  input: Usd,
  output: Usd,
  cacheRead: Usd.optional(),
  cacheWrite5m: Usd.optional(),
  cacheWrite1h: Usd.optional(),
  inputAudio: Usd.optional(),
  outputAudio: Usd.optional(),
  inputImage: Usd.optional(),
  outputImage: Usd.optional(),
  inputVideo: Usd.optional(),
  cacheReadAudio: Usd.optional(),
  cacheReadImage: Usd.optional(),
};

export const ListedTokens = z.strictObject(TOKEN_PRICES);
export type ListedTokens = z.infer<typeof ListedTokens>;

const ListedTier = ListedTokens.extend({ aboveInputTokens: z.number().int().positive() });
const ListedTiers = z.array(ListedTier).optional();

export const ListedRates = ListedTokens.extend({
  tiers: ListedTiers,
  perImage: Usd.optional(),
  imagePrices: z
    .array(
      z.strictObject({
        quality: z.string(),
        resolution: z.string(),
        usd: Usd,
        default: z.boolean().optional(),
      }),
    )
    .optional(),
  perInputImage: Usd.optional(),
  perMinute: Usd.optional(),
  perHour: Usd.optional(),
  perMillionCharacters: Usd.optional(),
  perThousandCalls: z.record(z.string(), Usd).optional(),
});
export type ListedRates = z.infer<typeof ListedRates>;

/** A service tier is a factor over every token rate, or has separate rates; without `tiers`, its long context has the default rates. */
const ListedServiceTier = z.union([
  z.number().positive(),
  ListedTokens.extend({ tiers: ListedTiers }),
]);
export type ListedServiceTier = z.infer<typeof ListedServiceTier>;

export const ListedPrice = z.strictObject({
  from: z.iso.date(),
  rates: ListedRates,
  serviceTiers: z.record(z.string(), ListedServiceTier).optional(),
  endpointRates: z.partialRecord(EndpointName, ListedRates).optional(),
});
export type ListedPrice = z.infer<typeof ListedPrice>;

/** A model as it is written down in `models.json` and in an overlay. */
export const ListedModel = ModelFacts.extend({
  /** Left out, the complete context window may be input. */
  maxInput: z.number().int().positive().optional(),
  endpoints: z.array(EndpointName).min(1),
  prices: z.array(ListedPrice).min(1),
});
export type ListedModel = z.infer<typeof ListedModel>;
