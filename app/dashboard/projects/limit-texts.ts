import type { LimitTexts } from "@/components/dashboard/limit-fields";
import { limitUses } from "@/lib/accounts/open-caps";
import { LIMIT_OF, type LimitName, type Limits } from "@/lib/accounts/schema";
import { formatCents, formatCount, splitUsd } from "@/lib/format";

const isCount = (name: string): boolean =>
  name === "requestsPerMinute" || name === "tokensPerMinute";

/** Limits as the text of their fields. */
export const limitTexts = (limits: Limits): LimitTexts =>
  Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [
      name,
      isCount(name) ? String(limit) : dollarText(limit),
    ]),
  );

/** What is used of each limit that is set: "$1.44 is charged or held". */
export async function usedNotes(input: Parameters<typeof limitUses>[0]): Promise<LimitTexts> {
  const notes: LimitTexts = {
    requestsPerMinute: "Counted from the full minute on, free requests too.",
    tokensPerMinute: "A request counts its maximum first, then what it used.",
    maxRequestCost: "Checked before the request is forwarded.",
  };
  for (const { window, used: usage } of await limitUses(input)) {
    const name: LimitName = LIMIT_OF[window];
    notes[name] = isCount(name)
      ? `${formatCount(usage)} in this minute.`
      : `${formatCents(usage)} is charged or held and counts.`;
  }
  return notes;
}

/** Limits in words, those of credits first: "$2.00 a day", "60 requests a minute". */
export function limitWords(limits: Limits): string[] {
  const words: [LimitName, string][] = [
    ["creditsPerDay", "a day"],
    ["creditsPerWeek", "a week"],
    ["creditsPerMonth", "a month"],
    ["creditsTotal", "in total"],
    ["maxRequestCost", "a request"],
    ["requestsPerMinute", "requests a minute"],
    ["tokensPerMinute", "tokens a minute"],
  ];
  return words.flatMap(([name, word]) => {
    const limit = limits[name];
    if (limit === undefined) return [];
    return [`${isCount(name) ? formatCount(limit) : `$${dollarText(limit)}`} ${word}`];
  });
}

/** The limits of the project as notes at those of its key: "Project: $5.00". */
export const projectNotes = (limits: Limits): LimitTexts =>
  Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [
      name,
      `Project: ${isCount(name) ? formatCount(limit) : `$${dollarText(limit)}`}`,
    ]),
  );

/** At least two decimals, and as many as the amount has. */
function dollarText(nano: number): string {
  const { dollars, part: decimals } = splitUsd(nano, 6);
  return `${dollars}.${decimals.slice(0, 2)}${decimals.slice(2).replace(/0+$/, "")}`;
}
