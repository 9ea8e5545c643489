import { z } from "zod";

const Count = z.number().int().nonnegative();

const TokenCounts = z.object({
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
  inputVideo: Count.optional(),
  cacheReadAudio: Count.optional(),
  cacheReadImage: Count.optional(),
});

/** What one request used, in disjoint units: a token is in exactly one of the counts, except that `reasoning` is part of `output`. */
export const Usage = TokenCounts.extend({
  images: Count.optional(),
  /** Images that were sent, where each is charged. */
  inputImages: Count.optional(),
  milliseconds: Count.optional(),
  characters: Count.optional(),
  /** Calls of tools that the provider ran, by name (`webSearch`, …). */
  calls: z.record(z.string(), Count).optional(),
  /** The tier, speed, region and model that the provider says it served. */
  serviceTier: z.string().optional(),
  speed: z.string().optional(),
  inferenceGeo: z.string().optional(),
  model: z.string().optional(),
  /** TokenCounts that another model used on the way, next to the others. */
  byModel: z.array(TokenCounts.extend({ model: z.string() })).optional(),
  /** What the provider states that it charges for the request, in nano-credits (only xAI does). */
  statedCost: Count.optional(),
  /** The same tokens by the rounds in which the provider worked, where each is priced by its own length. */
  rounds: z.array(TokenCounts).optional(),
});
export type Usage = z.infer<typeof Usage>;
export type TokenCounts = z.infer<typeof TokenCounts>;

export const NO_USAGE: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};
