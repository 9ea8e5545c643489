import { z } from "zod";

/** What the playground offers of a model. Rates are nano-credits per 1,000,000 tokens. */
export interface PlaygroundModel {
  id: string;
  name: string;
  provider: string;
  providerName: string;
  kind: "text" | "image" | "speech" | "embedding";
  /** The format of its requests. */
  dialect: "chat" | "messages" | "responses" | "images" | "speech" | "embeddings";
  /** "$2.00 in, $10.00 out per million tokens" */
  priceText: string;
  /** Tokens of one response. */
  maxOutput: number;
  input: string[];
  takesTools: boolean;
  /** The efforts that its reasoning can be set to; empty where it takes none. */
  efforts: string[];
  /** How a request in the format "messages" states the effort: as such, or as a budget of tokens. */
  thinking: "effort" | "budget";
  formats: ResponseFormat[];
  /** The field of chat completions that limits output. */
  outputLimit: "max_tokens" | "max_completion_tokens";
  /** Whether its images have `size` and `quality`. */
  imagesHaveSizes: boolean;
  /** Its highest temperature; null where it takes none. */
  temperatureMax: number | null;
  takesTopP: boolean;
  takesTopK: boolean;
  takesStop: boolean;
}

export const ResponseFormat = z.enum(["text", "json", "schema"]);
export type ResponseFormat = z.infer<typeof ResponseFormat>;

/** The paths that a page of the playground sends to, and asks the maximum cost of. */
export const PlaygroundPath = z.enum([
  "/v1/chat/completions",
  "/v1/messages",
  "/v1/responses",
  "/v1/images/generations",
  "/v1/audio/speech",
  "/v1/embeddings",
]);
export type PlaygroundPath = z.infer<typeof PlaygroundPath>;

/** Nano-credits: what a request would be held for. */
export interface PlaygroundQuote {
  maxCost: number;
  /** Whether balance or free requests cover it. */
  fits: boolean;
  /** What the account can spend. */
  available: number;
  /** The largest output limit that would fit; 0 when none would. */
  outputThatFits: number;
}

/** What the row of a request says, once it is settled. */
export interface PlaygroundRow {
  id: string;
  cost: number;
  free: boolean;
  input: number;
  output: number;
  latencyMs: number;
  estimated: boolean;
  /** "3,412 in × $2.00 + 96 out × $10.00, per million tokens"; null where the cost is not of tokens only. */
  sum: string | null;
}
