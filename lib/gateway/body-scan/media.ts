import {
  groupRule,
  newContentPart,
  partText,
  type ScanDraft,
  type ScanRule,
  type OpenPart,
} from "./draft";
import { headOf, textOf, type JsonToken } from "./field-rules";
import { readImageSize, type ImageSize } from "./image-size";
import type { ImageDetail, Medium } from "./schema";
import { refuseStoredUrl, objectRule } from "./stored-fields";

/** Base64 of text has at most as many tokens as bytes, so it is counted as text. */
const TEXTUAL = /^(text\/|application\/(json|xml|javascript|x-yaml|yaml|csv|rtf|sql|x-sh)\b)/i;

const kindOf = (mediaType: string, usual: Medium["kind"]): Medium["kind"] => {
  if (/^audio\//i.test(mediaType)) return "audio";
  if (/^video\//i.test(mediaType)) return "video";
  if (/^image\//i.test(mediaType)) return "image";
  return mediaType === "" || /^application\/octet-stream$/i.test(mediaType) ? usual : "document";
};

type InlineMedia = { kind: Medium["kind"]; bytes: number; size?: ImageSize | null };

function addInline(draft: ScanDraft, { kind, bytes, size }: InlineMedia): void {
  draft.scan.media.push({ kind, from: "inline", bytes: Math.floor((bytes * 3) / 4), ...size });
  draft.scan.textBytes -= bytes;
}

function addDataUrl(draft: ScanDraft, token: JsonToken, kind: Medium["kind"]): void {
  const head = headOf(token, 256);
  const prefixLength = /^data:/i.test(head) ? head.indexOf(",") + 1 : 0;
  const base64 = (characters: number) =>
    headOf(token, prefixLength + characters).slice(prefixLength);
  addInline(draft, {
    kind,
    bytes: sizeOf(token),
    size: kind === "image" ? readImageSize(base64) : null,
  });
}

/** A string that is a URL, or a data URL. */
export const mediaUrl = (name: string, usual: Medium["kind"]): ScanRule => ({
  on: (token, draft) => {
    if (token.kind !== "string" || token.end === token.start) return;
    const head = headOf(token, 256);
    if (!/^data:/i.test(head)) {
      refuseStoredUrl(name, token);
      draft.scan.media.push({ kind: usual, from: "url", bytes: 0 });
      return;
    }
    const mediaType = /^data:([^;,]*)/i.exec(head)?.[1] ?? "";
    if (!TEXTUAL.test(mediaType)) addDataUrl(draft, token, kindOf(mediaType, usual));
  },
});

/** A string of base64, or a data URL. */
export const mediaData = (usual: Medium["kind"]): ScanRule => ({
  on: (token, draft) => {
    if (token.kind !== "string" || token.end === token.start) return;
    const mediaType = /^data:([^;,]*)/i.exec(headOf(token, 256))?.[1] ?? "";
    if (!TEXTUAL.test(mediaType)) addDataUrl(draft, token, kindOf(mediaType, usual));
  },
});

const sizeOf = ({ start, end }: JsonToken) => end - start;

/** `image_url` and similar fields: the URL, or an object with it. */
export const mediaField = (name: string, kind: Medium["kind"]): ScanRule => {
  const url = mediaUrl(name, kind);
  return {
    ...objectRule({ url, [name]: url, data: mediaData(kind), detail: detailRule("imageDetail") }),
    on: (token, draft) => {
      if (token.kind === "object") draft.contentPart.isImageObject = true;
      else url.on?.(token, draft);
    },
  };
};

const DETAILS: ImageDetail[] = ["low", "high", "auto", "original"];
/** Of two details the finer one counts; an unknown one counts as "auto". */
const detailRule = (field: "imageDetail" | "partDetail"): ScanRule => ({
  on: (token, draft) => {
    if (token.kind === "null") return;
    const text = token.kind === "string" && token.end - token.start <= 64 ? textOf(token) : "";
    const detail = DETAILS.find((name) => name === text) ?? "auto";
    const previous = draft.contentPart[field];
    if (previous === null || DETAILS.indexOf(detail) > DETAILS.indexOf(previous))
      draft.contentPart[field] = detail;
  },
});

/** A content part. The detail of its one image is inside the image in chat, where that is an object, and next to it in responses. */
export const contentPartRule = (rules: Record<string, ScanRule | undefined>): ScanRule => ({
  ...objectRule({ ...openAiMedia, detail: detailRule("partDetail"), ...rules }),
  on: (token, draft) => {
    if (token.kind === "object") draft.contentPart = newContentPart(draft.scan.media.length);
  },
  close: (draft) => {
    const { from, imageDetail, partDetail, isImageObject } = draft.contentPart;
    const [image, ...otherImages] = draft.scan.media
      .slice(from)
      .filter(({ kind }) => kind === "image");
    const detail = isImageObject ? imageDetail : partDetail;
    if (image && detail && otherImages.length === 0) image.detail = detail;
    draft.contentPart = newContentPart(draft.scan.media.length);
  },
});

/** The content parts of OpenAI's dialect, chat and responses alike; xAI's too. */
export const openAiMedia: Record<string, ScanRule> = {
  image_url: mediaField("image_url", "image"),
  video_url: mediaField("video_url", "video"),
  audio_url: mediaField("audio_url", "audio"),
  file_url: mediaUrl("file_url", "document"),
  file_data: mediaData("document"),
  input_audio: objectRule({ data: mediaData("audio") }),
  file: objectRule({
    file_data: mediaData("document"),
    file_url: mediaUrl("file_url", "document"),
    url: mediaUrl("url", "document"),
  }),
};

const mediaType = partText((part, text) => part.mediaTypes.push(text));
const data: ScanRule = {
  on: (token, draft) => {
    const part = draft.parts.at(-1);
    if (part && token.kind === "string") part.dataBytes += sizeOf(token);
  },
};

/** Adds the media of an Anthropic block or a Gemini blob. */
export function addPartMedia(part: OpenPart, draft: ScanDraft): void {
  const isText =
    part.sourceTypes.includes("text") || part.mediaTypes.some((type) => TEXTUAL.test(type));
  const usual = part.types.includes("image") ? "image" : "document";
  const kinds = part.mediaTypes.map((type) => kindOf(type, usual));
  // Of two media types, "document": it is quoted by its bytes.
  const kind = kinds.find((candidate) => candidate === "document") ?? kinds[0] ?? usual;
  if (part.dataBytes > 0 && !isText) addInline(draft, { kind, bytes: part.dataBytes });
  if (part.byUrl) draft.scan.media.push({ kind: usual, from: "url", bytes: 0 });
}

/** The fields of Google's inline media, whose object is the group. */
export const blobFields = { mimeType: mediaType, mime_type: mediaType, data };

/** Gemini's inlineData. */
export const blob: ScanRule = groupRule(objectRule(blobFields), addPartMedia);

/** The fields of an Anthropic block's source; the block is the group. */
export const sourceFields: Record<string, ScanRule> = {
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
