import type { EndpointName } from "@/lib/catalog/schema";
import { createEventSplitter } from "./events";
import { pathsOf } from "./paths";
import { createPicker } from "./pick";

/** The first chunks of an answer, as they came, with the time of each: read only when the provider gave no usage. */
export type Held = { bytes: Buffer; at: number };

export type Sample = {
  /** The visible text of the held chunks. */
  text: string;
  firstVisibleAt: number | null;
};

/** Finds the text in the held chunks, and when its first piece came. */
export function sampleText({
  held,
  endpoint,
  events,
}: {
  held: readonly Held[];
  endpoint: EndpointName;
  events: boolean;
}): Sample {
  const pieces: string[] = [];
  let firstVisibleAt: number | null = null;
  let now = 0;
  const take = (raw: Buffer) => {
    const text = decode(raw);
    if (text === "") return;
    pieces.push(text);
    firstVisibleAt ??= now;
  };
  const picker = createPicker({
    plan: pathsOf(endpoint).text,
    valueMax: 65_536,
    onPick: ({ raw }) => take(raw),
  });
  const splitter = createEventSplitter({ onData: picker.feed, onEvent: picker.reset });
  for (const { bytes, at } of held) {
    now = at;
    if (events) splitter.feed(bytes);
    else picker.feed(bytes);
  }
  const rest = picker.unfinished();
  if (rest) take(rest.raw);
  return { text: pieces.join(""), firstVisibleAt };
}

/** The held chunks of an answer that is text as it stands. */
export const plainText = (held: readonly Held[]): Sample => ({
  text: Buffer.concat(held.map(({ bytes }) => bytes)).toString("utf8"),
  firstVisibleAt: held[0]?.at ?? null,
});

/** The string of a JSON value, whole or cut off; other values as they stand. */
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
