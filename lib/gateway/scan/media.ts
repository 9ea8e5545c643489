import { grouped, partText, partType, type Draft, type DraftPlace, type Part } from "./draft";
import { headOf, type Token } from "./place";
import type { Medium } from "./schema";
import { refuseStoredUrl, shape } from "./stored";

/** Base64 of text is as many tokens as it is bytes, so it stays among the text. */
const TEXTUAL = /^(text\/|application\/(json|xml|javascript|x-yaml|yaml|csv|rtf|sql|x-sh)\b)/i;

const kindOf = (mediaType: string, usual: Medium["kind"]): Medium["kind"] => {
  if (/^audio\//i.test(mediaType)) return "audio";
  if (/^video\//i.test(mediaType)) return "video";
  if (/^image\//i.test(mediaType)) return "image";
  return mediaType === "" || /^application\/octet-stream$/i.test(mediaType) ? usual : "document";
};

function addInline(draft: Draft, { kind, bytes }: { kind: Medium["kind"]; bytes: number }): void {
  draft.scan.media.push({ kind, from: "inline", bytes: Math.floor((bytes * 3) / 4) });
  draft.scan.textBytes -= bytes;
}

/** A string that is an address, or a data URL. */
export const mediaUrl = (name: string, usual: Medium["kind"]): DraftPlace => ({
  on: (token, draft) => {
    if (token.kind !== "string" || token.end === token.start) return;
    const head = headOf(token, 256);
    if (!/^data:/i.test(head)) {
      refuseStoredUrl(name, token);
      draft.scan.media.push({ kind: usual, from: "url", bytes: 0 });
      return;
    }
    const mediaType = /^data:([^;,]*)/i.exec(head)?.[1] ?? "";
    if (!TEXTUAL.test(mediaType)) addInline(draft, { kind: kindOf(mediaType, usual), bytes: sizeOf(token) });
  },
});

/** A string of base64, or a data URL. */
export const mediaData = (usual: Medium["kind"]): DraftPlace => ({
  on: (token, draft) => {
    if (token.kind !== "string" || token.end === token.start) return;
    const mediaType = /^data:([^;,]*)/i.exec(headOf(token, 256))?.[1] ?? "";
    if (!TEXTUAL.test(mediaType)) addInline(draft, { kind: kindOf(mediaType, usual), bytes: sizeOf(token) });
  },
});

const sizeOf = ({ start, end }: Token) => end - start;

/** `image_url` and its like: the address itself, or an object with it. */
export const mediaField = (name: string, kind: Medium["kind"]): DraftPlace => {
  const url = mediaUrl(name, kind);
  return { ...shape({ url, [name]: url, data: mediaData(kind) }), on: url.on };
};

/** The content parts of OpenAI's dialect, chat and responses alike; xAI's too. */
export const openAiMedia: Record<string, DraftPlace> = {
  image_url: mediaField("image_url", "image"),
  video_url: mediaField("video_url", "video"),
  audio_url: mediaField("audio_url", "audio"),
  file_url: mediaUrl("file_url", "document"),
  file_data: mediaData("document"),
  input_audio: shape({ data: mediaData("audio") }),
  file: shape({
    file_data: mediaData("document"),
    file_url: mediaUrl("file_url", "document"),
    url: mediaUrl("url", "document"),
  }),
};

const mediaType = partText((part, text) => part.mediaTypes.push(text));
const data: DraftPlace = {
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (part && token.kind === "string") part.dataBytes += sizeOf(token);
  },
};

/** Counts what an Anthropic block or a Gemini blob carried. */
export function addPart(part: Part, draft: Draft): void {
  const isText = part.sourceTypes.includes("text") || part.mediaTypes.some((type) => TEXTUAL.test(type));
  const usual = part.types.includes("image") ? "image" : "document";
  const kinds = part.mediaTypes.map((type) => kindOf(type, usual));
  // Of two media types the one that is held for by its bytes.
  const kind = kinds.find((found) => found === "document") ?? kinds[0] ?? usual;
  if (part.dataBytes > 0 && !isText) addInline(draft, { kind, bytes: part.dataBytes });
  if (part.byUrl) draft.scan.media.push({ kind: usual, from: "url", bytes: 0 });
}

/** Gemini's inlineData. */
export const blob: DraftPlace = grouped(shape({ mimeType: mediaType, mime_type: mediaType, data }), addPart);

/** The fields of an Anthropic block's source; the block is the group. */
export const sourceFields: Record<string, DraftPlace> = {
  type: partText((part, text) => part.sourceTypes.push(text)),
  media_type: mediaType,
  data,
  url: {
    on: (token, draft) => {
      const part = draft.parts.at(-1);
      if (part && token.kind === "string" && sizeOf(token) > 0) part.byUrl = true;
    },
  },
};
export { partType };
