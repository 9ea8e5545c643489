import { randomInt } from "node:crypto";
import type { EndpointName, Model } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { Scan } from "../body-scan";
import { imageTokens } from "../pricing/image-tokens";
import { promptTexts } from "./prompt-texts";
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
  const counted = (await countedTexts(source)) ?? scan.textBytes * (await tokensPerByte(source));
  let tokens = Math.ceil(counted * providerRecord(model.provider).usage.tokensPerO200k(model.id));
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

/** The tokens of a request's texts by its dialect; null for a body that is absent, packed, long, or no JSON. */
async function countedTexts({ endpoint, body = NOTHING }: PromptSource): Promise<number | null> {
  if (body.length === 0 || body.length > PARSED_BYTES_MAX) return null;
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8");
  const prompt = /^\s*\{/.test(text.slice(0, 64)) ? promptTexts(endpoint, text) : null;
  const tokens = prompt ? await countTokens(prompt.texts) : null;
  return prompt === null || tokens === null ? null : tokens + prompt.extraTokens;
}

/** By pieces of a JSON body; a packed or absent one counts as plain English. */
async function tokensPerByte({
  scan,
  body = NOTHING,
}: Pick<PromptSource, "scan" | "body">): Promise<number> {
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
