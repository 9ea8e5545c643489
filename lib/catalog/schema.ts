import { z } from "zod";

/** The id of a record in `lib/providers`. */
export const Provider = z.string().regex(/^[a-z][a-z0-9]*$/);
export type Provider = z.infer<typeof Provider>;

/** What a model sells, which decides the units that it is billed in. */
export const ModelKind = z.enum([
  "text",
  "embedding",
  "image",
  "speech",
  "transcription",
  "moderation",
]);
export type ModelKind = z.infer<typeof ModelKind>;

export const EndpointName = z.enum([
  "chat.completions",
  "responses",
  "responses.input_tokens",
  "responses.compact",
  "embeddings",
  "images.generations",
  "images.edits",
  "audio.speech",
  "audio.transcriptions",
  "moderations",
  "messages",
  "messages.count_tokens",
  "gemini.generateContent",
  "gemini.streamGenerateContent",
  "gemini.countTokens",
  "gemini.embedContent",
  "gemini.batchEmbedContents",
]);
export type EndpointName = z.infer<typeof EndpointName>;

const Rate = z.number().int().nonnegative();

/** Nano-credits per 1,000,000 tokens of each disjoint kind. An absent one is billed as the plain token of its direction. */
export const TokenRates = z.object({
  input: Rate,
  output: Rate,
  cacheRead: Rate,
  /** Anthropic's 5 minutes; OpenAI's 30. */
  cacheWrite5m: Rate,
  /** Anthropic's 1 hour; OpenAI's 12. */
  cacheWrite1h: Rate,
  inputAudio: Rate.optional(),
  outputAudio: Rate.optional(),
  inputImage: Rate.optional(),
  outputImage: Rate.optional(),
  cacheReadAudio: Rate.optional(),
  cacheReadImage: Rate.optional(),
});
export type TokenRates = z.infer<typeof TokenRates>;

/** Rates of the whole request once its input, cached tokens too, is above so many tokens. */
export const Tier = TokenRates.extend({ aboveInputTokens: z.number().int().nonnegative() });
export type Tier = z.infer<typeof Tier>;

export const Rates = TokenRates.extend({
  /** Long context: above so many input tokens, cached ones too, the whole request is billed at the tier's rates. */
  tiers: z.array(Tier).optional(),
  /** Nano-credits for one image, second, character or call. */
  perImage: Rate.optional(),
  perSecond: Rate.optional(),
  perCharacter: Rate.optional(),
  perCall: z.record(z.string(), Rate).optional(),
});
export type Rates = z.infer<typeof Rates>;

/** A factor in thousandths over every token rate: 1100 is 1.1×. */
const Permille = z.number().int().positive();

export const Price = z.object({
  from: z.iso.date(),
  rates: Rates,
  /** Rates by `service_tier`, beside the default one. A tier that is not listed has no price. */
  serviceTiers: z.record(z.string(), Rates).optional(),
});
export type Price = z.infer<typeof Price>;

export const Model = z.object({
  id: z.string(),
  provider: Provider,
  name: z.string(),
  kind: ModelKind,
  aliases: z.array(z.string()),
  context: z.number().int().positive(),
  maxOutput: z.number().int().positive(),
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }),
  reasoning: z.boolean(),
  /** A usual rate of output, for estimating thought that no usage was stated for. */
  tokensPerSecond: z.number().int().positive(),
  endpoints: z.array(EndpointName),
  status: z.enum(["current", "legacy", "deprecated"]),
  /** Costs nothing at all (moderation). */
  free: z.boolean().optional(),
  /** Oldest first. */
  prices: z.array(Price).min(1),
  /** Prices of `speed` other than "standard", as a factor. */
  speeds: z.record(z.string(), Permille).optional(),
  /** Prices of `inference_geo` other than "global", as a factor. */
  geos: z.record(z.string(), Permille).optional(),
  sources: z.array(z.string()).min(1),
  note: z.string().optional(),
});
export type Model = z.infer<typeof Model>;

const Count = z.number().int().nonnegative();

const Tokens = z.object({
  input: Count,
  cacheRead: Count,
  cacheWrite5m: Count,
  cacheWrite1h: Count,
  output: Count,
  reasoning: Count,
  inputAudio: Count.optional(),
  outputAudio: Count.optional(),
  inputImage: Count.optional(),
  outputImage: Count.optional(),
  cacheReadAudio: Count.optional(),
  cacheReadImage: Count.optional(),
});

/** What one request used, in disjoint units: a token is in exactly one of the counts, except that `reasoning` is part of `output`. */
export const Usage = Tokens.extend({
  images: Count.optional(),
  milliseconds: Count.optional(),
  characters: Count.optional(),
  /** Calls of tools that the provider ran, by name (`webSearch`, …). */
  calls: z.record(z.string(), Count).optional(),
  /** The tier, speed, region and model that the provider says it served. */
  serviceTier: z.string().optional(),
  speed: z.string().optional(),
  inferenceGeo: z.string().optional(),
  model: z.string().optional(),
  /** Tokens that another model used on the way, next to the others. */
  byModel: z.array(Tokens.extend({ model: z.string() })).optional(),
  /** The same tokens by the rounds in which the provider worked, where each is priced by its own length. */
  rounds: z.array(Tokens).optional(),
});
export type Usage = z.infer<typeof Usage>;
export type Tokens = z.infer<typeof Tokens>;

export const NO_USAGE: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};
