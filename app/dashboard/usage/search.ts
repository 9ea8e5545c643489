import { z } from "zod";
import type { RowCursor } from "@/lib/usage/rows";
import { UsageRange } from "@/lib/usage/period";
import { EndedBy } from "@/lib/usage/schema";

export const UsageMeasure = z.enum([
  "cost",
  "tokens",
  "requests",
  "errors",
  "latency",
  "first-byte",
  "speed",
  "cache",
]);
export type UsageMeasure = z.infer<typeof UsageMeasure>;

/** What the figures are split by. */
export const UsageDimension = z.enum(["provider", "model", "project", "key", "endpoint", "ending"]);
export type UsageDimension = z.infer<typeof UsageDimension>;

const queryText = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z.string().max(200).optional().catch(undefined),
);
const word = queryText.transform((value) => (value === "" ? undefined : value));

/** The state of the page, which is entirely in the URL. Invalid values count as missing. */
export const UsageSearch = z.object({
  range: queryText.pipe(UsageRange).catch("30"),
  from: word,
  to: word,
  project: word,
  key: word,
  provider: word,
  model: word,
  endpoint: word,
  ended: queryText.pipe(EndedBy).optional().catch(undefined),
  measure: queryText.pipe(UsageMeasure).catch("cost"),
  by: queryText.pipe(UsageDimension).catch("model"),
  /** "off" hides the period before. */
  compare: queryText.pipe(z.enum(["on", "off"])).catch("on"),
  q: queryText.pipe(z.string().trim().max(80)).catch(""),
  before: word,
  after: word,
});
export type UsageSearch = z.infer<typeof UsageSearch>;

const DEFAULTS: Partial<Record<keyof UsageSearch, string>> = {
  range: "30",
  measure: "cost",
  by: "model",
  compare: "on",
  q: "",
};

/** The URL of a state. Defaults are left out; `from` and `to` count only with the range `custom`. */
export function addressOf(search: UsageSearch, path = "/dashboard/usage"): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === DEFAULTS[name as keyof UsageSearch]) continue;
    if ((name === "from" || name === "to") && search.range !== "custom") continue;
    query.set(name, value);
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/** A row cursor in the URL: the row's number in the list, its time and its id. */
export type UsageView = RowCursor & { number: number };

export const placeText = ({ number, at, id }: UsageView): string =>
  `${number}.${at.getTime()}.${id}`;

export function placeOf(text: string | undefined): UsageView | undefined {
  const match = /^(\d{1,9})\.(\d{1,15})\.(\w{1,40})$/.exec(text ?? "");
  if (!match) return undefined;
  const [, number = "", at = "", id = ""] = match;
  return { number: Number(number), at: new Date(Number(at)), id };
}
