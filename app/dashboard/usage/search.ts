import { z } from "zod";
import type { RowCursor } from "@/lib/usage/rows";
import { Range } from "@/lib/usage/period";
import { EndedBy } from "@/lib/usage/schema";

export const Measure = z.enum(["cost", "tokens", "requests"]);
export type Measure = z.infer<typeof Measure>;

const one = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z.string().max(200).optional().catch(undefined),
);
const word = one.transform((value) => (value === "" ? undefined : value));

/** The state of the page, which is all in its address. What does not parse counts as not given. */
export const Search = z.object({
  range: one.pipe(Range).catch("30"),
  from: word,
  to: word,
  project: word,
  model: word,
  ended: one.pipe(EndedBy).optional().catch(undefined),
  measure: one.pipe(Measure).catch("cost"),
  by: one.pipe(z.enum(["model", "project"])).catch("model"),
  q: one.pipe(z.string().trim().max(80)).catch(""),
  before: word,
  after: word,
});
export type Search = z.infer<typeof Search>;

const USUAL: Partial<Record<keyof Search, string>> = {
  range: "30",
  measure: "cost",
  by: "model",
  q: "",
};

/** The address of a state; what is the default is left out, and days of one's own count only where they are asked for. */
export function addressOf(search: Search, path = "/dashboard/usage"): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === USUAL[name as keyof Search]) continue;
    if ((name === "from" || name === "to") && search.range !== "custom") continue;
    given.set(name, value);
  }
  return given.size === 0 ? path : `${path}?${given}`;
}

/** A row's place in an address: its number in the list, its time and its id. */
export type Place = RowCursor & { number: number };

export const placeText = ({ number, at, id }: Place): string => `${number}.${at.getTime()}.${id}`;

export function placeOf(text: string | undefined): Place | undefined {
  const match = /^(\d{1,9})\.(\d{1,15})\.(\w{1,40})$/.exec(text ?? "");
  if (!match) return undefined;
  const [, number = "", at = "", id = ""] = match;
  return { number: Number(number), at: new Date(Number(at)), id };
}
