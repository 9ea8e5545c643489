import { SERIES_MAX } from "@/components/ui/day-chart";
import { findModel } from "@/lib/catalog/queries";
import type { UsageCell } from "@/lib/usage/figures";
import type { EndedBy } from "@/lib/usage/schema";
import type { UsageDimension } from "./search";

const OTHER = SERIES_MAX - 1;

/** A color (the index of a series) for each id; "other" for an id without one. */
export type SeriesColors = (id: string) => number;

/**
 * The colors of a dimension's ids, the same for every measure, filter and range: each id has the color of its hash, or the
 * next free one. Of more than eight, those with the highest cost of the last 90 days have one.
 */
export function colorsOf(by: UsageDimension, recent: UsageCell[], ids: string[]): SeriesColors {
  if (by === "ending") return (id) => ENDINGS[id as EndedBy] ?? OTHER;
  const costs = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const [part, cost] of costsBy(by === "project" ? "projectId" : "model", recent)) {
    const id = recentId(by, part);
    if (id !== null) costs.set(id, (costs.get(id) ?? 0) + cost);
  }
  const byCost = [...costs].toSorted(
    ([a, costA], [b, costB]) => costB - costA || a.localeCompare(b, "en"),
  );
  const slots = new Map<string, number>();
  const usedColors = new Set<number>();
  for (const [id] of byCost.slice(0, OTHER)) {
    let slot = hashOf(id) % OTHER;
    while (usedColors.has(slot)) slot = (slot + 1) % OTHER;
    usedColors.add(slot);
    slots.set(id, slot);
  }
  return (id) => slots.get(id) ?? OTHER;
}

const ENDINGS: Record<EndedBy, number> = {
  complete: 0,
  client_left: 2,
  provider_error: 6,
  provider_cut: 3,
  timeout: 7,
  refused: 4,
  interrupted: 5,
};

/** What was charged by project or model; of two without a charge, the one with more cells has more. */
function costsBy(field: "projectId" | "model", recent: UsageCell[]): Map<string, number> {
  const costs = new Map<string, number>();
  for (const cell of recent) costs.set(cell[field], (costs.get(cell[field]) ?? 0) + cell.cost + 1);
  return costs;
}

function recentId(by: UsageDimension, part: string): string | null {
  if (by === "model" || by === "project") return part;
  return by === "provider" ? (findModel(part)?.provider ?? null) : null;
}

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
