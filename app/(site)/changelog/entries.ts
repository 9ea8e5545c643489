import { z } from "zod";
import { listKnownModels } from "@/lib/catalog/queries";
import type { Model, Price } from "@/lib/catalog/schema";
import { formatDay } from "@/lib/format";
import { releaseEntries } from "./releases";

/** What an entry is about; the filter of the page. */
export const EntryFilter = z.enum(["all", "product", "api", "catalog", "fixes"]);
export type EntryFilter = z.infer<typeof EntryFilter>;

export type EntryKind =
  | "Product"
  | "Change"
  | "API"
  | "Fix"
  | "New model"
  | "Price change"
  | "Retirement";

/** A model in an entry of the catalog, with its price before and from that day. */
export type PriceLine = { model: Model; before: Price | null; after: Price };

export type ChangelogEntry = {
  /** Its anchor. */
  id: string;
  kind: EntryKind;
  /** Midnight UTC of the day from which it holds. */
  at: Date;
  title: string;
  text?: string;
  items?: string[];
  prices?: PriceLine[];
};

const kindsOf: Record<Exclude<EntryFilter, "all">, EntryKind[]> = {
  product: ["Product", "Change"],
  api: ["API"],
  catalog: ["New model", "Price change", "Retirement"],
  fixes: ["Fix"],
};

/** What changed, the newest first; what is still to come stands before it. */
export async function changelog(show: EntryFilter): Promise<ChangelogEntry[]> {
  const all = [...(await releaseEntries()), ...catalogEntries(listKnownModels())];
  return all
    .filter(({ kind }) => show === "all" || kindsOf[show].includes(kind))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

/**
 * The catalog's dates as entries: its release is a new model, a price after the first a price change, the day on which it ends a
 * retirement.
 */
export function catalogEntries(models: Model[]): ChangelogEntry[] {
  const newModels = models.flatMap((model) =>
    model.prices.slice(0, 1).map((after) => ({ model, before: null, after, day: model.released })),
  );
  const priceChanges = models.flatMap((model) =>
    model.prices.flatMap((after, index) => {
      const before = model.prices[index - 1];
      return before && differs(before, after) ? [{ model, before, after, day: after.from }] : [];
    }),
  );
  return [
    ...groupedByDay(newModels).map(([day, prices]) => entryOf({ day, prices, kind: "New model" })),
    ...groupedByDay(priceChanges).map(([day, prices]) =>
      entryOf({ day, prices, kind: "Price change" }),
    ),
    ...retirements(models),
  ];
}

type DatedLine = PriceLine & { day: string };

function groupedByDay(lines: DatedLine[]): [day: string, lines: DatedLine[]][] {
  const days = [...new Set(lines.map(({ day }) => day))];
  return days.map((day) => [day, lines.filter((line) => line.day === day)]);
}

function retirements(models: Model[]): ChangelogEntry[] {
  const days = [...new Set(models.flatMap(({ retires }) => retires ?? []))];
  return days.map((day) => {
    const ending = models.filter(({ retires }) => retires === day);
    return {
      id: `ends-${day}`,
      kind: "Retirement",
      at: new Date(`${day}T00:00:00Z`),
      title: `${listed(ending.map(({ name }) => name))} ${ending.length === 1 ? "ends" : "end"}`,
      items: ending.map(
        ({ id, replacedBy }) =>
          `\`${id}\`${replacedBy === undefined ? " has no replacement." : `: send \`${replacedBy}\` instead.`}`,
      ),
    };
  });
}

function entryOf({
  day,
  prices,
  kind,
}: {
  day: string;
  prices: DatedLine[];
  kind: "New model" | "Price change";
}): ChangelogEntry {
  const names = listed(prices.map(({ model }) => model.name));
  const at = new Date(`${day}T00:00:00Z`);
  return {
    id: `${kind === "New model" ? "models" : "prices"}-${day}`,
    kind,
    at,
    title: kind === "New model" ? names : `New prices: ${names}`,
    ...(kind === "Price change"
      ? {
          text: `Requests that start on or after ${formatDay(at)}, 00:00 UTC, are charged at the new price.`,
        }
      : {}),
    prices,
  };
}

/** "A, B and C", or the first three and how many more. */
function listed(names: string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

const differs = (before: Price, after: Price): boolean =>
  JSON.stringify([before.rates, before.serviceTiers]) !==
  JSON.stringify([after.rates, after.serviceTiers]);
