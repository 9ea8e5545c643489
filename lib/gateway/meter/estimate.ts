import { NO_USAGE, type EndpointName, type Model, type Usage } from "@/lib/catalog/schema";
import { COSTLESS } from "./paths";
import type { UsageReader } from "./reader";
import { countTokens } from "./tokens";

/** What an estimate needs to know of the request: sizes, never content. */
type Asked = {
  textBytes: number;
  media: readonly { kind: "image" | "audio" | "document" | "video"; from: "inline" | "url"; bytes: number }[];
  choices: number;
  characters?: number | undefined;
};

type Given = {
  model: Model;
  endpoint: EndpointName;
  scan: Asked;
  reader: Pick<UsageReader, "settled" | "usage" | "partial" | "firstVisibleAt" | "visibleChars" | "sample" | "streamed">;
  /** `performance.now()` when the request was sent. */
  startedAt: number;
};

const BYTES_PER_TOKEN = 4;
/** Usual sizes: an image in tokens, a document's bytes for a token, speech at 128 kbit/s. */
const IMAGE_TOKENS = 1_000;
const DOCUMENT_BYTES_PER_TOKEN = 20;
const DOCUMENT_TOKENS = 3_000;
const SPEECH_BYTES_PER_MS = 16;
const AUDIO_TOKENS_PER_SECOND = 10;
const VIDEO_BYTES_PER_TOKEN = 1_000;
const VIDEO_TOKENS = 20_000;
const AUDIO_TOKENS_PER_SPOKEN_TOKEN = 6;
const IMAGE_OUTPUT_TOKENS = 4_160;

/**
 * What a request used, guessed from the bytes that passed, for an answer whose provider gave no usage. A reasoning model that
 * thought unseen is charged for the time it was silent at its own usual rate.
 */
export async function estimateUsage({ model, endpoint, scan, reader, startedAt }: Given): Promise<Usage> {
  const until = performance.now();
  await reader.settled();
  const exact = reader.usage();
  if (exact) return exact;
  if (COSTLESS.has(endpoint)) return { ...NO_USAGE };
  const known = reader.partial();
  const input = inputTokens(scan);
  switch (model.kind) {
    case "embedding":
      return { ...NO_USAGE, input };
    case "image":
      return { ...NO_USAGE, input, images: scan.choices, outputImage: model.provider === "xai" ? 0 : IMAGE_OUTPUT_TOKENS * scan.choices };
    case "speech": {
      const characters = scan.characters ?? scan.textBytes;
      const spoken = Math.ceil(characters / BYTES_PER_TOKEN);
      return { ...NO_USAGE, characters, input: spoken, output: spoken * AUDIO_TOKENS_PER_SPOKEN_TOKEN };
    }
    case "transcription": {
      const milliseconds = Math.ceil(scan.media.reduce((sum, { bytes }) => sum + bytes, 0) / SPEECH_BYTES_PER_MS);
      const output = await visibleTokens(reader);
      return { ...NO_USAGE, milliseconds, inputAudio: Math.ceil((milliseconds / 1_000) * AUDIO_TOKENS_PER_SECOND), output };
    }
    default: {
      const visible = await visibleTokens(reader);
      const reasoning = model.reasoning ? unseenTokens({ model, reader, startedAt, until, visible }) : 0;
      return { ...(known ?? { ...NO_USAGE, input }), output: visible + reasoning, reasoning };
    }
  }
}

function inputTokens({ textBytes, media }: Asked): number {
  let tokens = Math.ceil(textBytes / BYTES_PER_TOKEN);
  for (const { kind, from, bytes } of media) {
    if (kind === "image") tokens += IMAGE_TOKENS;
    else if (kind === "audio") tokens += Math.ceil((bytes / SPEECH_BYTES_PER_MS / 1_000) * AUDIO_TOKENS_PER_SECOND);
    else if (kind === "video") tokens += from === "url" ? VIDEO_TOKENS : Math.ceil(bytes / VIDEO_BYTES_PER_TOKEN);
    else tokens += from === "url" ? DOCUMENT_TOKENS : Math.ceil(bytes / DOCUMENT_BYTES_PER_TOKEN);
  }
  return tokens;
}

/** The tokens of the text at the head of the answer, carried over in proportion to the rest. */
async function visibleTokens(reader: Given["reader"]): Promise<number> {
  const text = reader.sample();
  if (text === "") return 0;
  const counted = (await countTokens(text)) ?? Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  return Math.ceil((counted / text.length) * Math.max(text.length, reader.visibleChars()));
}

/** An answer in one piece is silent to its end, so its time holds the visible tokens too. */
function unseenTokens({ model, reader, startedAt, until, visible }: Pick<Given, "model" | "reader" | "startedAt"> & { until: number; visible: number }): number {
  const seconds = Math.max(0, (reader.firstVisibleAt() ?? until) - startedAt) / 1_000;
  const tokens = Math.min(model.maxOutput, Math.floor(seconds * model.tokensPerSecond));
  return reader.streamed() ? tokens : Math.max(0, tokens - visible);
}
