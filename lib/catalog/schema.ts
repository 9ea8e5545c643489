import { z } from "zod";

export { NO_USAGE, Usage, type TokenCounts } from "./usage-schema";

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
  "decision",
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
  "audio.translations",
  "tts",
  "stt",
  "moderations",
  "decisions",
  "messages",
  "messages.count_tokens",
  "gemini.generateContent",
  "gemini.streamGenerateContent",
  "gemini.countTokens",
  "gemini.embedContent",
  "gemini.batchEmbedContents",
  "gemini.interactions",
  "gemini.decisions",
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
  inputVideo: Rate.optional(),
  cacheReadAudio: Rate.optional(),
  cacheReadImage: Rate.optional(),
});
export type TokenRates = z.infer<typeof TokenRates>;

/** Rates of the complete request once its input, cached tokens too, is above so many tokens. */
export const RateTier = TokenRates.extend({ aboveInputTokens: z.number().int().nonnegative() });
export type RateTier = z.infer<typeof RateTier>;

/** Nano-credits for one image of a quality and a resolution; the default one is what a request without either gets. */
export const ImagePrice = z.object({
  quality: z.string(),
  resolution: z.string(),
  rate: Rate,
  default: z.boolean().optional(),
});
export type ImagePrice = z.infer<typeof ImagePrice>;

export const Rates = TokenRates.extend({
  /** Long context: above so many input tokens, cached ones too, the complete request is billed at the tier's rates. */
  tiers: z.array(RateTier).optional(),
  /** Nano-credits for one image, image that is sent, hour of audio, character or call. */
  perImage: Rate.optional(),
  perInputImage: Rate.optional(),
  imagePrices: z.array(ImagePrice).optional(),
  perHour: Rate.optional(),
  perCharacter: Rate.optional(),
  perCall: z.record(z.string(), Rate).optional(),
});
export type Rates = z.infer<typeof Rates>;

/** A factor in thousandths over every token rate: 1100 is 1.1×. */
const Permille = z.number().int().positive();

export const Price = z.object({
  /** In force from midnight UTC of this day. */
  from: z.iso.date(),
  rates: Rates,
  /** Rates by `service_tier`, next to the default one. A tier that is not listed has no price. */
  serviceTiers: z.record(z.string(), Rates).optional(),
  /** Rates at endpoints that have separate ones. They have no service tiers. */
  endpointRates: z.partialRecord(EndpointName, Rates).optional(),
});
export type Price = z.infer<typeof Price>;

export const Capability = z.enum([
  "tools",
  "vision",
  "audio",
  "reasoning",
  "structuredOutput",
  "caching",
  "webSearch",
]);
export type Capability = z.infer<typeof Capability>;

/** Another id that the provider takes for the model; `from` is the day on which it began to point here, where that is known. */
export const ModelAlias = z.strictObject({ id: z.string(), from: z.iso.date().optional() });
export type ModelAlias = z.infer<typeof ModelAlias>;

/** A provider's silent redirect: from this day its requests are served by another model. */
export const ServedAs = z.strictObject({
  model: z.string(),
  from: z.iso.date(),
  /**
   * "served": the provider bills the rates of the model that serves. "stated": its page does not say which, so the model that
   * the response names decides and the asked model's rates are held.
   */
  billedAs: z.enum(["served", "stated"]),
  /** The image quality at which the other model serves such a request. */
  quality: z.string().optional(),
  source: z.string(),
});
export type ServedAs = z.infer<typeof ServedAs>;

const Detail = z.strictObject({
  low: z.number().int(),
  high: z.number().int(),
  auto: z.number().int(),
  original: z.number().int(),
});

/**
 * How a model counts the tokens of an image. "squares": `permille` thousandths of a token for each square of 32 pixels, at most so
 * many squares at a detail. "tiles": `first` and `tile` tokens for each tile of `side` pixels, after scaling to `longest`,
 * `shortest`; such tokens are billed beyond the context window.
 */
export const ImageTokens = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("squares"), permille: Permille, most: Detail }),
  z.strictObject({
    kind: z.literal("tiles"),
    first: z.number().int(),
    tile: z.number().int(),
    most: z.number().int(),
    longest: z.number().int(),
    shortest: z.number().int(),
    side: z.number().int(),
  }),
]);
export type ImageTokens = z.infer<typeof ImageTokens>;

/** A figure on which the sources differ: what each states, which one is taken, and why. */
export const SourceDisagreement = z.strictObject({
  field: z.string(),
  taken: z.string(),
  stated: z.record(z.string(), z.string()),
  why: z.string(),
});
export type SourceDisagreement = z.infer<typeof SourceDisagreement>;

/** What a model is, apart from its prices and endpoints. */
export const ModelFacts = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,128}$/),
  provider: Provider,
  name: z.string(),
  kind: ModelKind,
  /** The first day it could be called. */
  released: z.iso.date(),
  /** The first day on which the provider no longer serves it: from midnight UTC it is not offered. */
  retires: z.iso.date().optional(),
  /** The model to send instead: the provider's recommendation, or the nearest one that is offered here. */
  replacedBy: z.string().optional(),
  servedAs: ServedAs.optional(),
  aliases: z.array(ModelAlias),
  /** Tokens of input and output together. */
  context: z.number().int().positive(),
  /** Tokens of one response. */
  maxOutput: z.number().int().positive(),
  /** Tokens of a response that is not streamed, where that is less. */
  maxOutputUnstreamed: z.number().int().positive().optional(),
  /** The client's output limit may be this large: it is a budget over several requests, each of `maxOutput` at most. */
  outputBudget: z.number().int().positive().optional(),
  modalities: z.strictObject({ input: z.array(z.string()), output: z.array(z.string()) }),
  capabilities: z.array(Capability),
  /** A usual rate of output, for estimating reasoning that no usage was stated for. */
  tokensPerSecond: z.number().int().positive(),
  /** The most agents whose tokens one request is billed for. */
  agents: z.number().int().positive().optional(),
  imageTokens: ImageTokens.optional(),
  /** Calls of a tool that each response is charged for, since the model always makes them and no usage counts them. */
  callsPerResponse: z.record(z.string(), z.number().int().positive()).optional(),
  /** Tokens of input that are billed for each call of `web_search` in place of what it finds, next to the stated usage. */
  searchTokens: z.number().int().positive().optional(),
  status: z.enum(["current", "legacy", "deprecated"]),
  /** Costs nothing at all (moderation). */
  free: z.boolean().optional(),
  /** Prices of `speed` other than "standard", as a factor. */
  speeds: z.record(z.string(), Permille).optional(),
  /** Prices of `inference_geo` other than "global", as a factor. */
  geos: z.record(z.string(), Permille).optional(),
  sources: z.array(z.string()).min(1),
  disagreements: z.array(SourceDisagreement).optional(),
  note: z.string().optional(),
});

export const Model = ModelFacts.extend({
  endpoints: z.array(EndpointName),
  /** Whether it has the capability "reasoning". */
  reasoning: z.boolean(),
  /** Tokens of input that one request may have, cached ones too. */
  maxInput: z.number().int().positive(),
  /** Oldest first. */
  prices: z.array(Price).min(1),
});
export type Model = z.infer<typeof Model>;

/** An id that was retired before it was ever offered here, so that a request for it is answered with its day and replacement. */
export const RetiredId = z.strictObject({
  id: z.string(),
  provider: Provider,
  retired: z.iso.date(),
  replacedBy: z.string().optional(),
  source: z.string(),
});
export type RetiredId = z.infer<typeof RetiredId>;
