export type Medium = {
  kind: "image" | "audio" | "document" | "video";
  from: "inline" | "url";
  /** Decoded bytes, computed from the length of the base64; 0 for a URL. */
  bytes: number;
  /** Of an image: the pixels that the file states, and the requested detail. */
  width?: number;
  height?: number;
  detail?: ImageDetail;
};
export type ImageDetail = "low" | "high" | "auto" | "original";

export type Scan = {
  model: string;
  stream: boolean;
  /** The client's own limit of output tokens for one choice; null for none. */
  outputLimit: number | null;
  choices: number;
  serviceTier: string | null;
  speed: string | null;
  inferenceGeo: string | null;
  /** `stream_options.include_usage`; null where it is left out. */
  includeUsage: boolean | null;
  /** The offset of the object `stream_options` in the (decompressed) body; null where the field is left out, "null" where it is null. */
  streamOptionsAt: number | "null" | null;
  /** Decompressed bytes that are not inline media: at least as many as its tokens. */
  textBytes: number;
  media: Medium[];
  previousResponseId: string | null;
  /** Tokens of that response with all that led to it, where they are known; else the context window is their bound. */
  previousTokens: number | null;
  itemReferences: string[];
  /** OpenAI: the request prepares a later one and generates nothing itself. */
  isWarmUp: boolean;
  /** Of a message on a socket: its type, and the conversation that it names among several on one socket. */
  eventType: string | null;
  streamId: string | null;
  /** OpenAI: the stored response whose cached prefix this request is compared with. */
  comparedResponseId: string | null;
  store: boolean | null;
  /** OpenAI: the cache is asked to keep what is written for 12 hours, which the usage does not distinguish. */
  longCache: boolean;
  /** The length of a speech request's text, in characters. */
  characters?: number;
  size?: string;
  quality?: string;
  /** xAI's field for the size of an image. */
  resolution?: string;
  /** The format of a transcription or an image. */
  responseFormat?: string;
  /** Whether the request asks its model to reason; null where it says nothing of it. */
  reasoning: boolean | null;
  /** The types of the tools that the provider runs itself. */
  tools: string[];
  /** The client's own bounds of each of `tools`, at the same place; null where it gives none. */
  toolBounds: ToolBounds[];
  /** Whether the provider may summarize what it has read and continue, which it bills as another response. */
  compacts: boolean;
  /** The bytes of a predicted output, whose rejected tokens are billed as output. */
  predictedBytes: number;
  /** OpenAI's bound on all calls of such tools together. */
  maxToolCalls: number | null;
  /** Whether a part of the prompt is marked to be cached, and for longer than the usual time. */
  cacheControl: { isMarked: boolean; isLong: boolean };
};

export type ToolBounds = {
  maxUses: number | null;
  maxContentTokens: number | null;
  /** The model that the tool is to run. */
  model: string | null;
};
export const NO_BOUNDS: ToolBounds = { maxUses: null, maxContentTokens: null, model: null };

export const emptyScan = (textBytes: number): Scan => ({
  model: "",
  stream: false,
  outputLimit: null,
  choices: 1,
  serviceTier: null,
  speed: null,
  inferenceGeo: null,
  includeUsage: null,
  streamOptionsAt: null,
  textBytes,
  media: [],
  previousResponseId: null,
  previousTokens: null,
  isWarmUp: false,
  eventType: null,
  streamId: null,
  itemReferences: [],
  comparedResponseId: null,
  store: null,
  longCache: false,
  reasoning: null,
  tools: [],
  toolBounds: [],
  compacts: false,
  predictedBytes: 0,
  maxToolCalls: null,
  cacheControl: { isMarked: false, isLong: false },
});
