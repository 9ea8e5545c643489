import type { EndpointName } from "@/lib/catalog/schema";
import { createEventSplitter } from "./events";
import { pathsOf } from "./paths";
import { createPicker } from "./pick";

/** One of the first chunks of a response, as it came, with its time: read only when the provider gave no usage. */
export type TimedChunk = { bytes: Buffer; at: number };

export type TextSample = {
  /** The visible text of the chunks. */
  text: string;
  firstVisibleAt: number | null;
  /** The calls of tools among it, and the arguments that they name. */
  calls: { count: number; argumentCount: number };
};

const NO_CALLS = { count: 0, argumentCount: 0 };
/** The name of an argument in the JSON of a call. */
const ARGUMENT = /"[\w-]+"\s*:/g;

/** Finds the text in the chunks, and when its first piece came. */
export function sampleText({
  chunks,
  endpoint,
  isStream,
}: {
  chunks: readonly TimedChunk[];
  endpoint: EndpointName;
  isStream: boolean;
}): TextSample {
  const pieces: string[] = [];
  const argumentPieces: string[] = [];
  let callCount = 0;
  let firstVisibleAt: number | null = null;
  let chunkAt = 0;
  const take = (name: string, raw: Buffer) => {
    const text = decode(raw);
    if (text === "") return;
    if (name === "callName") callCount++;
    if (name === "callArguments") argumentPieces.push(text);
    pieces.push(text);
    firstVisibleAt ??= chunkAt;
  };
  const picker = createPicker({
    plan: pathsOf(endpoint).text,
    valueMax: 65_536,
    onPick: ({ name, raw }) => take(name, raw),
  });
  const splitter = createEventSplitter({ onData: picker.feed, onEvent: picker.reset });
  for (const { bytes, at } of chunks) {
    chunkAt = at;
    if (isStream) splitter.feed(bytes);
    else picker.feed(bytes);
  }
  const openValue = picker.unfinished();
  if (openValue) take(openValue.name, openValue.raw);
  const argumentCount = argumentPieces.join("").match(ARGUMENT)?.length ?? 0;
  return { text: pieces.join(""), firstVisibleAt, calls: { count: callCount, argumentCount } };
}

/** The chunks of a response that is text as it stands. */
export const plainText = (chunks: readonly TimedChunk[]): TextSample => ({
  text: Buffer.concat(chunks.map(({ bytes }) => bytes)).toString("utf8"),
  firstVisibleAt: chunks[0]?.at ?? null,
  calls: NO_CALLS,
});

/** The string of a JSON value, complete or cut; other values as they stand. */
function decode(raw: Buffer): string {
  const text = raw.toString("utf8").trim();
  if (text === "null") return "";
  if (!text.startsWith('"')) return text;
  for (const attempt of [text, `${text}"`, `${text.replace(/\\[^\\]{0,5}$/, "")}"`]) {
    try {
      return String(JSON.parse(attempt));
    } catch {
      continue;
    }
  }
  return text.slice(1);
}
