import { randomInt } from "node:crypto";
import { NO_USAGE, type EndpointName, type Model, type Usage } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import { pictureTokens } from "../pricing/image-tokens";
import type { Scan } from "../body-scan";
import { COSTLESS } from "./paths";
import type { UsageReader } from "./reader";
import { countTokens } from "./tokens";

type Given = {
  model: Model;
  endpoint: EndpointName;
  /** What a scan of the request found: sizes, never content. */
  scan: Pick<
    Scan,
    "textBytes" | "media" | "choices" | "stream" | "characters" | "size" | "quality"
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
    | "streamed"
  >;
  /** `performance.now()` when the request was sent. */
  startedAt: number;
  /** The request as it came, to see how many bytes its tokens take. */
  body?: Uint8Array | undefined;
};

const NOTHING = new Uint8Array();
const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
const BYTES_PER_TOKEN = 4;
/** So much of a request is looked at, in pieces from all over it: a head says nothing of the rest. */
const LOOKED_AT_BYTES = 16_384;
const PIECES = 8;
/** With more of it media than this, it is looked at where it begins, and a byte of text is at most so many tokens. */
const MEDIA_SHARE = 0.1;
const TOKENS_PER_BYTE_MAX = 0.4;
/** Usual sizes: an image in tokens, a document's bytes for a token, speech at 128 kbit/s. */
const IMAGE_TOKENS = 1_000;
const DOCUMENT_BYTES_PER_TOKEN = 20;
const DOCUMENT_TOKENS = 3_000;
const SPEECH_BYTES_PER_MS = 16;
/** The most and the least closely that a sound is packed. */
const SOUND_BYTES_PER_MS = { least: 0.75, most: 192 };
const SPOKEN_PER_SECOND = 15;
const AUDIO_TOKENS_PER_SECOND = 10;
const VIDEO_BYTES_PER_TOKEN = 1_000;
const VIDEO_TOKENS = 20_000;
const AUDIO_TOKENS_PER_SPOKEN_TOKEN = 6;
/** Of a drawn square of 1,024 pixels, by its quality: https://developers.openai.com/api/docs/guides/image-generation */
const DRAWN_TOKENS = { low: 272, medium: 1_056, high: 4_160 };
const DRAWN_PIXELS = 1_024 * 1_024;

/**
 * What a request used, guessed from the bytes that passed, for an answer whose provider gave no usage. A reasoning model that
 * thought unseen is charged for the time it was silent at its own usual rate.
 */
export async function estimateUsage(given: Given): Promise<Usage> {
  const { model, endpoint, reader, scan } = given;
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
      return { ...NO_USAGE, input: await inputTokens(given) };
    case "image":
      return {
        ...NO_USAGE,
        input: await inputTokens(given),
        images: choices,
        outputImage: providerRecord(model.provider).usage.imagesByPiece
          ? 0
          : drawnTokens(given) * choices,
      };
    case "speech": {
      const spoken = Math.ceil(characters / BYTES_PER_TOKEN);
      return {
        ...NO_USAGE,
        characters,
        input: spoken,
        output: spoken * AUDIO_TOKENS_PER_SPOKEN_TOKEN,
      };
    }
    case "transcription": {
      const milliseconds = soundLength(reader, {
        bytes: media.reduce((sum, { bytes }) => sum + bytes, 0),
      });
      const inputAudio = Math.ceil((milliseconds / 1_000) * AUDIO_TOKENS_PER_SECOND);
      return { ...NO_USAGE, milliseconds, inputAudio, output: await visibleTokens(reader) };
    }
    case "text": {
      const known = reader.partial() ?? { ...NO_USAGE, input: await inputTokens(given) };
      const visible = await visibleTokens(reader);
      // An answer in one piece that has not come yet is being written all the while.
      const isWritten = visible === 0 && !scan.stream && !reader.streamed();
      const unseen = model.reasoning || isWritten ? unseenTokens({ ...given, until, visible }) : 0;
      const { calls, found } = reader.shown();
      const reasoning = model.reasoning ? unseen : 0;
      return { ...known, input: known.input + found, output: visible + unseen, reasoning, calls };
    }
  }
}

async function inputTokens({ model, scan, body }: Given): Promise<number> {
  let tokens = Math.ceil(scan.textBytes * (await tokensPerByte({ scan, body })));
  for (const medium of scan.media) {
    const { kind, from, bytes } = medium;
    if (kind === "image")
      tokens += pictureTokens(medium, { model, unknown: "usual" }) ?? IMAGE_TOKENS;
    else if (kind === "audio")
      tokens += Math.ceil((bytes / SPEECH_BYTES_PER_MS / 1_000) * AUDIO_TOKENS_PER_SECOND);
    else if (kind === "video")
      tokens += from === "url" ? VIDEO_TOKENS : Math.ceil(bytes / VIDEO_BYTES_PER_TOKEN);
    else tokens += from === "url" ? DOCUMENT_TOKENS : Math.ceil(bytes / DOCUMENT_BYTES_PER_TOKEN);
  }
  return tokens;
}

function drawnTokens({ model, scan: { size = "", quality = "" } }: Given): number {
  const [, width, height] = /^(\d{1,9})x(\d{1,9})$/.exec(size) ?? [];
  const pixels = width && height ? Number(width) * Number(height) : DRAWN_PIXELS;
  const fine =
    quality === "low" || quality === "medium" ? DRAWN_TOKENS[quality] : DRAWN_TOKENS.high;
  return Math.min(model.maxOutput, Math.ceil((fine * pixels) / DRAWN_PIXELS));
}

/** By what was said in it, since its bytes say little: by the times in subtitles, else at the usual speed of speech. */
function soundLength(reader: Given["reader"], { bytes }: { bytes: number }): number {
  const text = reader.sample();
  if (text === "") return Math.ceil(bytes / SPEECH_BYTES_PER_MS);
  const [, hours = "0", minutes = "0", seconds = "0"] =
    [...text.matchAll(/(?:(\d+):)?(\d\d):(\d\d)[.,]\d{3}/g)].at(-1) ?? [];
  const timed = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  // A character of these scripts is said in the time of about three others.
  const wide = text.match(/[\u2e80-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  const said = timed > 0 ? timed : (text.length + 2 * wide) / SPOKEN_PER_SECOND;
  const length = Math.ceil((said * 1_000 * reader.visibleChars()) / text.length);
  return Math.ceil(
    Math.min(bytes / SOUND_BYTES_PER_MS.least, Math.max(bytes / SOUND_BYTES_PER_MS.most, length)),
  );
}

/** By pieces of a JSON body; a packed or absent one counts as plain English. */
async function tokensPerByte({
  scan,
  body = NOTHING,
}: Pick<Given, "scan" | "body">): Promise<number> {
  const whole = Buffer.from(body.buffer, body.byteOffset, body.length);
  if (!/^\s*\{/.test(whole.toString("latin1", 0, 64))) return 1 / BYTES_PER_TOKEN;
  const isText = scan.textBytes >= whole.length * (1 - MEDIA_SHARE);
  const pieces =
    isText && whole.length > LOOKED_AT_BYTES
      ? piecesOf(whole)
      : [whole.subarray(0, LOOKED_AT_BYTES)];
  const text = pieces.map((piece) => plainly(piece.toString("utf8"))).join("");
  const counted = await countTokens(text);
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return counted === null
    ? 1 / BYTES_PER_TOKEN
    : Math.min(isText ? 1 : TOKENS_PER_BYTE_MAX, counted / bytes);
}

/** One piece of each part of the body, nobody knows from where, so that none is written to be looked at. */
function piecesOf(whole: Buffer): Buffer[] {
  const [part, size] = [Math.floor(whole.length / PIECES), LOOKED_AT_BYTES / PIECES];
  return Array.from({ length: PIECES }, (_, n) => {
    const start = n * part + randomInt(part - size + 1);
    return whole.subarray(start, start + size);
  });
}

/** The escapes of JSON undone, as far as a piece of it shows them. */
const plainly = (json: string) =>
  json
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\([^u])/g, (_, letter: string) => ESCAPED[letter] ?? letter);

/** The tokens of the text at the head of the answer, carried over in proportion to the rest. */
async function visibleTokens(reader: Given["reader"]): Promise<number> {
  const text = reader.sample();
  if (text === "") return 0;
  const counted = (await countTokens(text)) ?? Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  return Math.ceil((counted / text.length) * Math.max(text.length, reader.visibleChars()));
}

/** Each choice is thought about, all at once. An answer in one piece is silent to its end, so its time holds the visible tokens too. */
function unseenTokens({
  model,
  scan,
  reader,
  startedAt,
  until,
  visible,
}: Pick<Given, "model" | "scan" | "reader" | "startedAt"> & {
  until: number;
  visible: number;
}): number {
  const seconds = Math.max(0, (reader.firstVisibleAt() ?? until) - startedAt) / 1_000;
  const tokens =
    Math.min(model.maxOutput, Math.floor(seconds * model.tokensPerSecond)) * scan.choices;
  return reader.streamed() ? tokens : Math.max(0, tokens - visible);
}
