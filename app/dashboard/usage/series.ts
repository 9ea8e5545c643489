import { SERIES_MAX } from "@/components/ui/day-chart";
import { formatCount, formatUsd } from "@/lib/format";
import { addFigures, DAY_MS, noFigures, type UsageFigures } from "@/lib/usage/schema";
import type { UsageCell } from "@/lib/usage/figures";
import type { UsagePeriod } from "@/lib/usage/period";
import type { UsageMeasure, UsageSearch } from "./search";

/** The totals of one model or project. `series` is the index of its tint; the last tint can be shared. */
export type SeriesGroup = UsageFigures & { id: string; name: string; series: number };
export type SeriesDay = { at: Date; requests: number; values: number[] };

export const totalTokens = ({ tokens }: UsageFigures): number =>
  tokens.input + cachedTokens({ tokens }) + tokens.output;
export const cachedTokens = ({ tokens }: Pick<UsageFigures, "tokens">): number =>
  tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;

export function valueOf(figures: UsageFigures, measure: UsageMeasure): number {
  return measure === "cost"
    ? figures.cost
    : measure === "requests"
      ? figures.requests
      : totalTokens(figures);
}

/** Money rounded to the cent, for the chart. The tables show exact amounts. */
export function valueText(value: number, measure: UsageMeasure): string {
  if (measure !== "cost") return formatCount(value);
  const cent = 10_000_000;
  return value > 0 && value < cent ? "<$0.01" : formatUsd(Math.round(value / cent) * cent);
}

const idOf = (cell: UsageCell, { by }: UsageSearch) =>
  by === "model" ? cell.model : cell.projectId;

/** The groups of the cells, largest first. */
export function groupsOf(
  cells: UsageCell[],
  search: UsageSearch,
  nameOf: (id: string) => string,
): SeriesGroup[] {
  const groups = new Map<string, SeriesGroup>();
  for (const cell of cells) {
    const id = idOf(cell, search);
    const group = groups.get(id) ?? { id, name: nameOf(id), series: 0, ...noFigures() };
    addFigures(group, cell);
    groups.set(id, group);
  }
  const groupList = [...groups.values()].sort(
    (a, b) =>
      valueOf(b, search.measure) - valueOf(a, search.measure) || a.name.localeCompare(b.name, "en"),
  );
  for (const [index, group] of groupList.entries()) group.series = Math.min(index, SERIES_MAX - 1);
  return groupList;
}

export function seriesNames(groups: SeriesGroup[]): string[] {
  const otherCount = groups.length - (SERIES_MAX - 1);
  const names = groups.map((group) => group.name);
  return otherCount > 1 ? [...names.slice(0, SERIES_MAX - 1), `${otherCount} others`] : names;
}

/** Each day of the period with its value of each series. */
export function daysOf(input: {
  cells: UsageCell[];
  groups: SeriesGroup[];
  period: UsagePeriod;
  search: UsageSearch;
}): SeriesDay[] {
  const { cells, groups, period, search } = input;
  const series = new Map(groups.map((group) => [group.id, group.series]));
  const days = new Map<number, SeriesDay>();
  for (let at = period.from.getTime(); at <= period.to.getTime(); at += DAY_MS)
    days.set(at, { at: new Date(at), requests: 0, values: seriesNames(groups).map(() => 0) });
  for (const cell of cells) {
    const day = days.get(cell.day.getTime());
    const index = series.get(idOf(cell, search)) ?? 0;
    if (!day) continue;
    day.values[index] = (day.values[index] ?? 0) + valueOf(cell, search.measure);
    day.requests += cell.requests;
  }
  return [...days.values()];
}

export function sumOf(groups: UsageFigures[]): UsageFigures {
  const total = noFigures();
  for (const group of groups) addFigures(total, group);
  return total;
}
