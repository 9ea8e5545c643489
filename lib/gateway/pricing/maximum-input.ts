import type { Model } from "@/lib/catalog/schema";
import type { Scan } from "../body-scan";
import { billsBeyondWindow, pictureTokens } from "./image-tokens";
import type { ToolUse } from "./provider-tools";

/** The most tokens that a provider's guide names for one image, over the four providers. */
const IMAGE_TOKENS_MAX = 6_000;
/** The sparsest usual speech encoding, 16 kbit/s, so that a file's size bounds its length. */
const AUDIO_BYTES_PER_SECOND = 2_000;
const AUDIO_TOKENS_PER_SECOND = 32;
/** The most tokens that all texts of one request may be to be embedded. */
const EMBEDDED_TOKENS_MAX = 300_000;

/** The tokens of what was sent, and the most that can go in: what is packed, or put in at the provider, ends at the window. */
export function maximumInput({
  scan,
  model,
  tools,
  textTokens,
}: {
  scan: Scan;
  model: Model;
  tools: ToolUse;
  textTokens: number;
}): { sent: number; most: number } {
  const { maxInput: context, kind: sells } = model;
  let [tokens, beyond] = [textTokens + (scan.previousTokens ?? 0), 0];
  let unbounded =
    (scan.previousResponseId !== null && scan.previousTokens === null) ||
    scan.itemReferences.length > 0;
  for (const medium of scan.media) {
    const { from, bytes } = medium;
    const kind = sells === "transcription" ? "audio" : medium.kind;
    if (from === "url" || kind === "video") tokens += context;
    else if (kind === "image") {
      const taken = pictureTokens(medium, { model, unknown: "most" }) ?? IMAGE_TOKENS_MAX;
      if (billsBeyondWindow(model)) beyond += taken;
      else tokens += taken;
    } else {
      // A page, or an hour of silence, may be a few bytes.
      unbounded = true;
      tokens +=
        kind === "audio"
          ? Math.ceil((bytes / AUDIO_BYTES_PER_SECOND) * AUDIO_TOKENS_PER_SECOND)
          : bytes;
    }
  }
  const ceiling = sells === "embedding" ? EMBEDDED_TOKENS_MAX : context;
  const sent = Math.min(tokens, ceiling) + beyond;
  let most = (unbounded ? ceiling : Math.min(tokens, ceiling)) + beyond;
  // After each round of its tools the provider reads all of it again, with what was found.
  for (const found of tools.foundByRound)
    most += (unbounded ? ceiling : Math.min(tokens + found, ceiling)) + beyond;
  return { sent, most };
}
