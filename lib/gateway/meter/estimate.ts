import { NO_USAGE, type EndpointName, type Model, type Usage } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { Scan } from "../body-scan";
import { inputTokens } from "./estimate-prompt";
import { paceOf } from "./pace";
import { COSTLESS } from "./paths";
import { isReasoningAsked } from "./reasoning";
import { spokenTokens } from "./speech";
import { FOUND_TOKENS, type ToolUse } from "../pricing/provider-tools";
import type { UsageReader } from "./reader";
import type { ShownTools } from "./shown";
import { textShape } from "./text-shape";
import { countTokens } from "./tokens";

type EstimateSource = {
  model: Model;
  endpoint: EndpointName;
  /** What a scan of the request found: sizes, never content. */
  scan: Pick<
    Scan,
    | "textBytes"
    | "media"
    | "choices"
    | "stream"
    | "outputLimit"
    | "reasoning"
    | "characters"
    | "responseFormat"
    | "size"
    | "quality"
  >;
  reader: Pick<
    UsageReader,
    | "settled"
    | "usage"
    | "partial"
    | "shown"
    | "firstVisibleAt"
    | "visibleChars"
    | "sample"
    | "writtenCalls"
    | "streamed"
    | "bytes"
  >;
  /** `performance.now()` when the request was sent. */
  startedAt: number;
  /** What the provider's own tools can do at most. */
  tools?: ToolUse | null | undefined;
  /** The request as it came, to see how many bytes its tokens take. */
  body?: Uint8Array | undefined;
};

const BYTES_PER_TOKEN = 4;
const SPEECH_BYTES_PER_MS = 16;
/** The most and the least closely that audio is compressed. */
const SOUND_BYTES_PER_MS = { least: 0.75, most: 192 };
const SPOKEN_PER_SECOND = 15;
const AUDIO_TOKENS_PER_SECOND = 10;
/** Of a drawn square of 1,024 pixels, by its quality: https://developers.openai.com/api/docs/guides/image-generation */
const DRAWN_TOKENS = { low: 272, medium: 1_056, high: 4_160 };
const DRAWN_PIXELS = 1_024 * 1_024;

/**
 * What a request used, estimated from the bytes that passed, for a response whose provider gave no usage. Where the request
 * asks a model to reason, it is charged for the time that it was silent, at its usual rate and less its usual time to the
 * first token. No part is taken as cached: nothing certain says so.
 */
export async function estimateUsage(source: EstimateSource): Promise<Usage> {
  const { model, endpoint, reader, scan } = source;
  const { media, choices, characters = scan.textBytes } = scan;
  const until = performance.now();
  await reader.settled();
  const exact = reader.usage();
  if (exact) return exact;
  if (COSTLESS.has(endpoint)) return { ...NO_USAGE };
  switch (model.kind) {
    case "moderation":
      return { ...NO_USAGE };
    case "embedding":
      return { ...NO_USAGE, input: await inputTokens(source) };
    case "image":
      return {
        ...NO_USAGE,
        input: await inputTokens(source),
        images: choices,
        outputImage: providerRecord(model.provider).usage.imagesByPiece
          ? 0
          : drawnTokens(source) * choices,
      };
    case "speech": {
      const output = spokenTokens({
        characters,
        bytes: reader.bytes(),
        format: scan.responseFormat,
      });
      return { ...NO_USAGE, characters, input: Math.ceil(characters / BYTES_PER_TOKEN), output };
    }
    case "transcription": {
      const milliseconds = soundLength(reader, {
        bytes: media.reduce((sum, { bytes }) => sum + bytes, 0),
      });
      const inputAudio = Math.ceil((milliseconds / 1_000) * AUDIO_TOKENS_PER_SECOND);
      return { ...NO_USAGE, milliseconds, inputAudio, output: await visibleTokens(source) };
    }
    case "text": {
      const inputUsage = reader.partial() ?? { ...NO_USAGE, input: await inputTokens(source) };
      const visible = await visibleTokens(source);
      // A response in one piece that has not come yet is being written all the while.
      const isWritten = visible === 0 && !scan.stream && !reader.streamed();
      const thinks = isReasoningAsked(model, scan.reasoning);
      const unseen = thinks || isWritten ? unseenTokens({ ...source, until, visible }) : 0;
      const { calls, foundTokens } =
        visible === 0 ? unseenTools({ ...source, until }) : reader.shown();
      const reasoning = thinks ? unseen : 0;
      return {
        ...inputUsage,
        input: inputUsage.input + foundTokens,
        output: visible + unseen,
        reasoning,
        calls,
      };
    }
  }
}

function drawnTokens({ model, scan: { size = "", quality = "" } }: EstimateSource): number {
  const [, width, height] = /^(\d{1,9})x(\d{1,9})$/.exec(size) ?? [];
  const pixels = width && height ? Number(width) * Number(height) : DRAWN_PIXELS;
  const fine =
    quality === "low" || quality === "medium" ? DRAWN_TOKENS[quality] : DRAWN_TOKENS.high;
  return Math.min(model.maxOutput, Math.ceil((fine * pixels) / DRAWN_PIXELS));
}

/** By what was said in it, since its bytes say little: by the times in subtitles, else at the usual speed of speech. */
function soundLength(reader: EstimateSource["reader"], { bytes }: { bytes: number }): number {
  const text = reader.sample();
  if (text === "") return Math.ceil(bytes / SPEECH_BYTES_PER_MS);
  const [, hours = "0", minutes = "0", seconds = "0"] =
    [...text.matchAll(/(?:(\d+):)?(\d\d):(\d\d)[.,]\d{3}/g)].at(-1) ?? [];
  const subtitleSeconds = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  // A character of these scripts is said in the time of about three others.
  const wide = text.match(/[\u2e80-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  const spokenSeconds =
    subtitleSeconds > 0 ? subtitleSeconds : (text.length + 2 * wide) / SPOKEN_PER_SECOND;
  const length = Math.ceil((spokenSeconds * 1_000 * reader.visibleChars()) / text.length);
  return Math.ceil(
    Math.min(bytes / SOUND_BYTES_PER_MS.least, Math.max(bytes / SOUND_BYTES_PER_MS.most, length)),
  );
}

/** The tokens of the text at the head of the response, with what frames its calls of tools, in proportion to all visible text. */
async function visibleTokens({
  reader,
  model,
}: Pick<EstimateSource, "reader" | "model">): Promise<number> {
  const text = reader.sample();
  const { tokensPerO200k, callTokens } = providerRecord(model.provider).usage;
  const ratio = tokensPerO200k(model.id, textShape(text));
  if (text === "") return Math.ceil((reader.visibleChars() / BYTES_PER_TOKEN) * ratio);
  const textTokens =
    (await countTokens(text)) ?? Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  const { count, argumentCount } = reader.writtenCalls();
  const framingTokens = count * callTokens.call + argumentCount * callTokens.argument;
  const proportion = Math.max(text.length, reader.visibleChars()) / text.length;
  return Math.ceil(textTokens * ratio * proportion + framingTokens);
}

/** Each choice is reasoned about, in parallel. A response in one piece is silent to its end, so its time holds the visible tokens too. */
function unseenTokens({
  model,
  scan,
  reader,
  startedAt,
  until,
  visible,
}: Pick<EstimateSource, "model" | "scan" | "reader" | "startedAt"> & {
  until: number;
  visible: number;
}): number {
  const { tokensPerSecond, firstTokenMs } = paceOf(model);
  const silentMs = (reader.firstVisibleAt() ?? until) - startedAt - firstTokenMs;
  const seconds = Math.max(0, silentMs) / 1_000;
  const tokens =
    Math.min(model.maxOutput, scan.outputLimit ?? Infinity, Math.floor(seconds * tokensPerSecond)) *
    scan.choices;
  return reader.streamed() ? tokens : Math.max(0, tokens - visible);
}

/** A search with the reading of what it found takes a provider about so long. */
const SECONDS_PER_CALL = 5;

/** What the provider's tools may have done in a response of which nothing came: by the time that it took and their bounds. */
function unseenTools({
  reader,
  tools,
  startedAt,
  until,
}: Pick<EstimateSource, "reader" | "tools" | "startedAt"> & { until: number }): ShownTools {
  const shownTools = reader.shown();
  if (!tools || shownTools.foundTokens > 0 || Object.keys(shownTools.calls).length > 0)
    return shownTools;
  const byTime = Math.floor((until - startedAt) / 1_000 / SECONDS_PER_CALL);
  const rounds = Math.min(byTime, tools.foundByRound.length);
  return {
    calls: Object.fromEntries(
      Object.entries(tools.calls).map(([name, callsMax]) => [name, Math.min(callsMax, byTime)]),
    ),
    foundTokens: rounds * FOUND_TOKENS,
  };
}
