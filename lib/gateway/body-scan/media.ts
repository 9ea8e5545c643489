import { grouped, newShown, partText, type Draft, type DraftPlace, type Part } from "./draft";
import { headOf, textOf, type Token } from "./field-rules";
import { sizeOfPicture, type Size } from "./image-size";
import type { Detail, Medium } from "./schema";
import { refuseStoredUrl, shape } from "./stored-fields";

/** Base64 of text is as many tokens as it is bytes, so it stays among the text. */
const TEXTUAL = /^(text\/|application\/(json|xml|javascript|x-yaml|yaml|csv|rtf|sql|x-sh)\b)/i;

const kindOf = (mediaType: string, usual: Medium["kind"]): Medium["kind"] => {
  if (/^audio\//i.test(mediaType)) return "audio";
  if (/^video\//i.test(mediaType)) return "video";
  if (/^image\//i.test(mediaType)) return "image";
  return mediaType === "" || /^application\/octet-stream$/i.test(mediaType) ? usual : "document";
};

type Inline = { kind: Medium["kind"]; bytes: number; size?: Size | null };

function addInline(draft: Draft, { kind, bytes, size }: Inline): void {
  draft.scan.media.push({ kind, from: "inline", bytes: Math.floor((bytes * 3) / 4), ...size });
  draft.scan.textBytes -= bytes;
}

function addPicture(draft: Draft, token: Token, kind: Medium["kind"]): void {
  const head = headOf(token, 256);
  const before = /^data:/i.test(head) ? head.indexOf(",") + 1 : 0;
  const base64 = (characters: number) => headOf(token, before + characters).slice(before);
  addInline(draft, {
    kind,
    bytes: sizeOf(token),
    size: kind === "image" ? sizeOfPicture(base64) : null,
  });
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
    if (!TEXTUAL.test(mediaType)) addPicture(draft, token, kindOf(mediaType, usual));
  },
});

/** A string of base64, or a data URL. */
export const mediaData = (usual: Medium["kind"]): DraftPlace => ({
  on: (token, draft) => {
    if (token.kind !== "string" || token.end === token.start) return;
    const mediaType = /^data:([^;,]*)/i.exec(headOf(token, 256))?.[1] ?? "";
    if (!TEXTUAL.test(mediaType)) addPicture(draft, token, kindOf(mediaType, usual));
  },
});

const sizeOf = ({ start, end }: Token) => end - start;

/** `image_url` and its like: the address itself, or an object with it. */
export const mediaField = (name: string, kind: Medium["kind"]): DraftPlace => {
  const url = mediaUrl(name, kind);
  return {
    ...shape({ url, [name]: url, data: mediaData(kind), detail: detail("within") }),
    on: (token, draft) => {
      if (token.kind === "object") draft.shown.isObject = true;
      else url.on?.(token, draft);
    },
  };
};

const DETAILS: Detail[] = ["low", "high", "auto", "original"];
/** Of two details the finer is gone by; one that is not known is as if left out. */
const detail = (where: "within" | "beside"): DraftPlace => ({
  on: (token, draft) => {
    if (token.kind === "null") return;
    const text = token.kind === "string" && token.end - token.start <= 64 ? textOf(token) : "";
    const asked = DETAILS.find((each) => each === text) ?? "auto";
    const before = draft.shown[where];
    if (before === null || DETAILS.indexOf(asked) > DETAILS.indexOf(before))
      draft.shown[where] = asked;
  },
});

/** A content part. The detail of its one picture is named within it in chat, where it is an object, and beside it in responses. */
export const shownPart = (named: Record<string, DraftPlace | undefined>): DraftPlace => ({
  ...shape({ ...openAiMedia, detail: detail("beside"), ...named }),
  on: (token, draft) => {
    if (token.kind === "object") draft.shown = newShown(draft.scan.media.length);
  },
  close: (draft) => {
    const { from, within, beside, isObject } = draft.shown;
    const [picture, ...others] = draft.scan.media
      .slice(from)
      .filter(({ kind }) => kind === "image");
    const asked = isObject ? within : beside;
    if (picture && asked && others.length === 0) picture.detail = asked;
    draft.shown = newShown(draft.scan.media.length);
  },
});

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
  const isText =
    part.sourceTypes.includes("text") || part.mediaTypes.some((type) => TEXTUAL.test(type));
  const usual = part.types.includes("image") ? "image" : "document";
  const kinds = part.mediaTypes.map((type) => kindOf(type, usual));
  // Of two media types the one that is held for by its bytes.
  const kind = kinds.find((found) => found === "document") ?? kinds[0] ?? usual;
  if (part.dataBytes > 0 && !isText) addInline(draft, { kind, bytes: part.dataBytes });
  if (part.byUrl) draft.scan.media.push({ kind: usual, from: "url", bytes: 0 });
}

/** Gemini's inlineData. */
export const blob: DraftPlace = grouped(
  shape({ mimeType: mediaType, mime_type: mediaType, data }),
  addPart,
);

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
