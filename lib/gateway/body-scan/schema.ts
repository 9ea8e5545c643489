export type Medium = {
  kind: "image" | "audio" | "document" | "video";
  from: "inline" | "url";
  /** Decoded, as far as base64 tells; 0 for an address. */
  bytes: number;
  /** Of a picture: what its head states, and the detail that is asked for. */
  width?: number;
  height?: number;
  detail?: Detail;
};
export type Detail = "low" | "high" | "auto" | "original";

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
  itemReferences: string[];
  /** OpenAI: the stored response whose cached prefix this request is compared with. */
  comparedResponseId: string | null;
  store: boolean | null;
  /** OpenAI: the cache is asked to keep what is written for 12 hours, which the usage does not tell apart. */
  longCache: boolean;
  /** The length of a speech request's text, in characters. */
  characters?: number;
  size?: string;
  quality?: string;
  /** xAI's word for the size of a picture. */
  resolution?: string;
  /** How a transcription or picture is to be written. */
  responseFormat?: string;
  /** The types of the tools that the provider runs itself. */
  tools: string[];
};

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
  itemReferences: [],
  comparedResponseId: null,
  store: null,
  longCache: false,
  tools: [],
});
