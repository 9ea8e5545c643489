import type { Model } from "@/lib/catalog/schema";
import type { PlannedMedium, RequestPlan } from "./random-request";
import { offeredTools, type WrittenRequest } from "./write-request";

/** The most that a guide names for the definition of a tool that the provider runs, and for a computer. */
const DEFINITION_TOKENS = { usual: 800, computer: 1_300 };
/** Images of known kind: each provider's guide to images. */
const IMAGE_TOKENS: Record<string, number> = {
  anthropic: 4_784,
  google: 2_240,
  xai: 1_792,
  openai: 3_779,
};
/** 65 tokens, 129 for each of four tiles and 6,144 for high fidelity: gpt-image-1's guide. */
const EDITED_IMAGE_TOKENS = 65 + 4 * 129 + 6_144;
/** "data:application/pdf;base64," is no text of the prompt; other types are shorter. */
const DATA_URL_BYTES = 28;

/** The most tokens of what was sent: one a byte of text, definitions of tools, and media by each provider's guide. */
export function sentTokens(plan: RequestPlan, { body }: WrittenRequest) {
  const { model, endpoint, media } = plan;
  const isForm = /edits|transcriptions/.test(endpoint);
  const isJsonWithMedia = /^(chat|responses|messages|gemini)/.test(endpoint);
  const isTranscription = endpoint === "audio.transcriptions";
  const inputMedia = isTranscription ? media.slice(0, 1) : isForm || isJsonWithMedia ? media : [];
  let prompt = isForm ? Buffer.byteLength(plan.text) : body.length;
  let beyondWindow = 0;
  for (const medium of inputMedia) {
    // OpenAI's files are sent inline by the tests.
    const isFile = medium.kind !== "image" && !/^(messages|gemini)/.test(endpoint);
    const isUrl = medium.isUrl && !isForm && !isFile;
    const isDataUrl = /^(chat|responses)/.test(endpoint) && medium.kind !== "audio";
    if (!isUrl && !isForm)
      prompt -= Math.ceil(Math.max(48, medium.bytes) / 3) * 4 + (isDataUrl ? DATA_URL_BYTES : 0);
    if (medium.kind !== "image" || isTranscription) continue;
    const tokens = imageTokens(model, medium, isUrl);
    if (model.imageTokens?.kind === "tiles") beyondWindow += tokens;
    else prompt += tokens;
  }
  const namesTools = /^(responses|messages|gemini)/.test(endpoint);
  for (const { kind } of namesTools ? offeredTools(plan) : [])
    if (kind !== "function")
      prompt += kind === "computer" ? DEFINITION_TOKENS.computer : DEFINITION_TOKENS.usual;
  const hasFiles = isTranscription
    ? inputMedia.length > 0
    : isJsonWithMedia && inputMedia.some(({ kind }) => kind !== "image");
  const fillsWindow = hasFiles || (plan.isContinued && endpoint.startsWith("responses"));
  return { prompt: Math.max(0, prompt), beyondWindow, fillsWindow };
}

function imageTokens(
  { imageTokens, provider, kind }: Model,
  { width, height, detail }: PlannedMedium,
  isUrl: boolean,
): number {
  if (!imageTokens)
    return kind === "image" && provider === "openai"
      ? EDITED_IMAGE_TOKENS
      : (IMAGE_TOKENS[provider] ?? 0);
  const isKnown = !isUrl && width > 0 && height > 0;
  if (imageTokens.kind === "squares") {
    const squares = isKnown
      ? Math.ceil(width / 32) * Math.ceil(height / 32)
      : imageTokens.most[detail];
    return Math.floor((Math.min(squares, imageTokens.most[detail]) * imageTokens.permille) / 1_000);
  }
  const { first, tile, most: tilesMax, longest, shortest, side } = imageTokens;
  if (detail === "low") return first;
  if (!isKnown) return first + tile * tilesMax;
  const scale = Math.min(1, longest / Math.max(width, height), shortest / Math.min(width, height));
  return (
    first +
    tile *
      Math.min(tilesMax, Math.ceil((width * scale) / side) * Math.ceil((height * scale) / side))
  );
}
