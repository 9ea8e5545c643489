import { randomInt } from "node:crypto";
import type { EndpointName, Model } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { TextShape } from "@/lib/providers/schema";
import type { Scan } from "../body-scan";
import { imageTokens } from "../pricing/image-tokens";
import { promptTexts } from "./prompt-texts";
import { textShape } from "./text-shape";
import { countTokens } from "./tokens";

interface PromptSource {
  model: Model;
  endpoint: EndpointName;
  /** What a scan of the request found: sizes, never content. */
  scan: Pick<Scan, "textBytes" | "media">;
  /** The request as it came. */
  body?: Uint8Array | undefined;
}

const BYTES_PER_TOKEN = 4;
const SPEECH_BYTES_PER_MS = 16;
const AUDIO_TOKENS_PER_SECOND = 10;
/** A longer body is looked at in pieces: reading it as JSON would keep other requests waiting. */
const PARSED_BYTES_MAX = 512 * 1024;
const NOTHING = new Uint8Array();
const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
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
const VIDEO_BYTES_PER_TOKEN = 1_000;
const VIDEO_TOKENS = 20_000;

/** The tokens of a request: of its texts, counted each for itself, and of its media by their usual sizes. */
export async function inputTokens(source: PromptSource): Promise<number> {
  const { model, scan } = source;
  const { tokensPerO200k } = providerRecord(model.provider).usage;
  const { o200kTokens, shape } = (await countTexts(source)) ?? (await countPieces(source));
  let tokens = Math.ceil(o200kTokens * tokensPerO200k(model.id, shape));
  for (const medium of scan.media) {
    const { kind, from, bytes } = medium;
    if (kind === "image")
      tokens += imageTokens(medium, { model, unknown: "usual" }) ?? IMAGE_TOKENS;
    else if (kind === "audio")
      tokens += Math.ceil((bytes / SPEECH_BYTES_PER_MS / 1_000) * AUDIO_TOKENS_PER_SECOND);
    else if (kind === "video")
      tokens += from === "url" ? VIDEO_TOKENS : Math.ceil(bytes / VIDEO_BYTES_PER_TOKEN);
    else tokens += from === "url" ? DOCUMENT_TOKENS : Math.ceil(bytes / DOCUMENT_BYTES_PER_TOKEN);
  }
  return tokens;
}

type TextCount = { o200kTokens: number; shape: TextShape };

/** The tokens of a request's texts by its dialect; null for a body that is absent, compressed, long, or no JSON. */
async function countTexts({ endpoint, body = NOTHING }: PromptSource): Promise<TextCount | null> {
  if (body.length === 0 || body.length > PARSED_BYTES_MAX) return null;
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8");
  const prompt = /^\s*\{/.test(text.slice(0, 64)) ? promptTexts(endpoint, text) : null;
  const tokens = prompt ? await countTokens(prompt.texts) : null;
  if (prompt === null || tokens === null) return null;
  return { o200kTokens: tokens + prompt.extraTokens, shape: textShape(prompt.texts.join(" ")) };
}

/** By pieces of a JSON body, whose syntax is not what its texts are; a compressed or absent one counts as plain English. */
async function countPieces({
  scan,
  body = NOTHING,
}: Pick<PromptSource, "scan" | "body">): Promise<TextCount> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const plainCount = { o200kTokens: scan.textBytes / BYTES_PER_TOKEN, shape: textShape("") };
  if (!/^\s*\{/.test(bytes.toString("latin1", 0, 64))) return plainCount;
  const isText = scan.textBytes >= bytes.length * (1 - MEDIA_SHARE);
  const pieces =
    isText && bytes.length > LOOKED_AT_BYTES
      ? piecesOf(bytes)
      : [bytes.subarray(0, LOOKED_AT_BYTES)];
  const text = pieces.map((piece) => plainly(piece.toString("utf8"))).join("");
  const tokens = await countTokens(text);
  if (tokens === null) return plainCount;
  const pieceBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const tokensPerByte = Math.min(isText ? 1 : TOKENS_PER_BYTE_MAX, tokens / pieceBytes);
  return {
    o200kTokens: scan.textBytes * tokensPerByte,
    shape: { symbols: 0, wide: textShape(text).wide },
  };
}

/** One piece of each part of the body, nobody knows from where, so that none is written to be looked at. */
function piecesOf(bytes: Buffer): Buffer[] {
  const [part, size] = [Math.floor(bytes.length / PIECES), LOOKED_AT_BYTES / PIECES];
  return Array.from({ length: PIECES }, (_, n) => {
    const start = n * part + randomInt(part - size + 1);
    return bytes.subarray(start, start + size);
  });
}

/** The escapes of JSON undone, as far as a piece of it shows them. */
const plainly = (json: string) =>
  json
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\([^u])/g, (_, letter: string) => ESCAPED[letter] ?? letter);
