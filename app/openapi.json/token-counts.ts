import { z } from "zod";

const tokens = z.int();

/** Tokens by kind, as usage rows and summaries state them. */
export const tokenCounts = z
  .object({
    input: tokens.describe("Input tokens that were not read from a cache."),
    cache_read: tokens.describe("Input tokens read from the provider’s prompt cache."),
    cache_write_5m: tokens.describe(
      "Input tokens written to the cache with the shorter lifetime: 5 minutes at Anthropic, 30 at OpenAI.",
    ),
    cache_write_1h: tokens.describe(
      "Input tokens written to the cache with the longer lifetime: 1 hour at Anthropic, 12 at OpenAI.",
    ),
    output: tokens.describe("Output tokens, with reasoning."),
    reasoning: tokens.describe("The part of `output` that was reasoning."),
  })
  .describe("Tokens by kind. Each token is in one count, except that reasoning is part of output.");
