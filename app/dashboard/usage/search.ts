import { z } from "zod";
import type { RowCursor } from "@/lib/usage/rows";
import { DayRange } from "@/lib/usage/period";
import { EndedBy } from "@/lib/usage/schema";

export const UsageMeasure = z.enum(["cost", "tokens", "requests"]);
export type UsageMeasure = z.infer<typeof UsageMeasure>;

const one = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z.string().max(200).optional().catch(undefined),
);
const word = one.transform((value) => (value === "" ? undefined : value));

/** The state of the page, which is all in its address. What does not parse counts as not given. */
export const UsageSearch = z.object({
  range: one.pipe(DayRange).catch("30"),
  from: word,
  to: word,
  project: word,
  model: word,
  ended: one.pipe(EndedBy).optional().catch(undefined),
  measure: one.pipe(UsageMeasure).catch("cost"),
  by: one.pipe(z.enum(["model", "project"])).catch("model"),
  q: one.pipe(z.string().trim().max(80)).catch(""),
  before: word,
  after: word,
});
export type UsageSearch = z.infer<typeof UsageSearch>;

const USUAL: Partial<Record<keyof UsageSearch, string>> = {
  range: "30",
  measure: "cost",
  by: "model",
  q: "",
};

/** The address of a state; what is the default is left out, and days of one's own count only where they are asked for. */
export function addressOf(search: UsageSearch, path = "/dashboard/usage"): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === USUAL[name as keyof UsageSearch]) continue;
    if ((name === "from" || name === "to") && search.range !== "custom") continue;
    given.set(name, value);
  }
  return given.size === 0 ? path : `${path}?${given}`;
}

/** A row's place in an address: its number in the list, its time and its id. */
export type UsageView = RowCursor & { number: number };

export const placeText = ({ number, at, id }: UsageView): string =>
  `${number}.${at.getTime()}.${id}`;

export function placeOf(text: string | undefined): UsageView | undefined {
  const match = /^(\d{1,9})\.(\d{1,15})\.(\w{1,40})$/.exec(text ?? "");
  if (!match) return undefined;
  const [, number = "", at = "", id = ""] = match;
  return { number: Number(number), at: new Date(Number(at)), id };
}
