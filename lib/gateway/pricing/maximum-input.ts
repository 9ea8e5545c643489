import type { Model } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { Scan } from "../body-scan";
import type { Medium } from "../body-scan/schema";
import { billsBeyondWindow, imageTokens } from "./image-tokens";
import type { ToolUse } from "./provider-tools";

/** The most tokens that a provider's guide names for one image, over the four providers. */
const IMAGE_TOKENS_MAX = 6_000;
/** For one that is edited with high fidelity: https://developers.openai.com/api/docs/guides/image-generation */
const EDITED_IMAGE_TOKENS_MAX = 8_000;
/** The sparsest usual speech encoding, 16 kbit/s, so that a file's size bounds its length. */
const AUDIO_BYTES_PER_SECOND = 2_000;
const AUDIO_TOKENS_PER_SECOND = 32;
/**
 * Where images are billed beyond the window, a window full of them, or of pages that are read as images, is billed by so many
 * times its tokens: a tile is 5,667 tokens and takes 170. https://developers.openai.com/api/docs/guides/images-vision
 */
const WINDOW_IMAGE_FACTOR = 34;
/** The most tokens that all texts of one request may be to be embedded. */
const EMBEDDED_TOKENS_MAX = 300_000;

/** The tokens that a request can be billed for. */
export interface TokenBounds {
  /** Of what was sent. */
  sent: number;
  /** What goes in, over all rounds of tools and compactions. */
  input: number;
  /** What is written, summaries of compactions included. */
  output: number;
}

/**
 * The tokens of what was sent, and the most that can be read and written. What is packed, or added at the provider, ends at
 * the context window. After each round of its tools the provider reads everything again, with what was found and written.
 */
export function tokenBounds({
  scan,
  model,
  tools,
  textTokens,
  output,
}: {
  scan: Scan;
  model: Model;
  tools: ToolUse;
  /** The most tokens that the text of the request can be. */
  textTokens: number;
  /** The most tokens that the response itself can be. */
  output: number;
}): TokenBounds {
  const window = model.kind === "embedding" ? EMBEDDED_TOKENS_MAX : model.maxInput;
  const { inWindow, beyondWindow, fillsWindow } = sentTokens({ scan, model, textTokens });
  const filledWindow = billsBeyondWindow(model) ? window * WINDOW_IMAGE_FACTOR : window;
  const read = (contextTokens: number) =>
    (fillsWindow ? filledWindow : Math.min(inWindow + contextTokens, window)) + beyondWindow;
  // Without a bound the usual number of calls is held for, and how much is written before each is not known.
  const writtenTokens = tools.isUnbounded ? 0 : output;
  let input = read(0);
  for (const foundTokens of tools.foundByRound) input += read(foundTokens + writtenTokens);
  const last = tools.foundByRound.at(-1);
  const largest = last === undefined ? read(0) : read(last + writtenTokens);
  const compacts =
    scan.compacts && largest >= providerRecord(model.provider).usage.compactionInputMin;
  return {
    sent: Math.min(inWindow, window) + beyondWindow,
    input: compacts ? input + largest : input,
    output: compacts ? output * 2 : output,
  };
}

/** The tokens of what was sent: those that take a place in the context window, and those that are billed beyond it. */
function sentTokens({
  scan,
  model,
  textTokens,
}: {
  scan: Scan;
  model: Model;
  textTokens: number;
}): { inWindow: number; beyondWindow: number; fillsWindow: boolean } {
  let inWindow = textTokens + (scan.previousTokens ?? 0);
  let beyondWindow = 0;
  let fillsWindow =
    (scan.previousResponseId !== null && scan.previousTokens === null) ||
    scan.itemReferences.length > 0;
  for (const medium of scan.media) {
    const kind = model.kind === "transcription" ? "audio" : medium.kind;
    if (kind === "image") {
      if (billsBeyondWindow(model)) beyondWindow += mostImageTokens(medium, model);
      else inWindow += mostImageTokens(medium, model);
      continue;
    }
    // A page, or an hour of silence, may be a few bytes.
    fillsWindow = true;
    if (medium.from === "url" || kind === "video") inWindow += model.maxInput;
    else if (kind === "audio")
      inWindow += Math.ceil((medium.bytes / AUDIO_BYTES_PER_SECOND) * AUDIO_TOKENS_PER_SECOND);
    else inWindow += medium.bytes;
  }
  return { inWindow, beyondWindow, fillsWindow };
}

const mostImageTokens = (medium: Medium, model: Model): number =>
  imageTokens(medium, { model, unknown: "most" }) ??
  (model.kind === "image" ? EDITED_IMAGE_TOKENS_MAX : IMAGE_TOKENS_MAX);
