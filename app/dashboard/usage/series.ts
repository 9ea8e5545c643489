import { SERIES_MAX } from "@/components/ui/day-chart";
import { formatShortDay } from "@/lib/format";
import type { InsightTotal } from "@/lib/usage/insight";
import type { SeriesColors } from "./colors";
import type { UsageGroup, UsageSlot, UsageView } from "./load";
import { measures } from "./measures";
import type { UsageMeasure } from "./search";

const OTHER = SERIES_MAX - 1;

/** One hour or day of the chart: a value for each color. */
export interface SeriesSlot {
  name: string;
  requests: number;
  values: number[];
  before: number | null;
}

/** The value of a bar. */
export function barOf(total: InsightTotal, measure: UsageMeasure): number {
  const view = measures[measure];
  return (view.chart ?? view.value)(total) ?? 0;
}

/** The groups by the measure, largest first. */
export const sorted = (groups: UsageGroup[], measure: UsageMeasure): UsageGroup[] =>
  groups.toSorted(
    (a, b) =>
      barOf(b.total, measure) - barOf(a.total, measure) || a.name.localeCompare(b.name, "en"),
  );

/** The name of each color, "" for one that is not used; groups without a color are counted in the last one. */
export function seriesNames(groups: UsageGroup[], colorOf: SeriesColors): string[] {
  const names = Array.from({ length: SERIES_MAX }, () => "");
  const otherGroups = groups.filter(({ id }) => colorOf(id) === OTHER);
  for (const { id, name } of groups) if (colorOf(id) !== OTHER) names[colorOf(id)] = name;
  if (otherGroups.length > 0)
    names[OTHER] =
      otherGroups.length === 1 ? (otherGroups[0]?.name ?? "") : `${otherGroups.length} others`;
  return names;
}

/** "14:05" for minutes, "14:00" within a day, "24 Nov" for days, "24 Nov, 14:00" for the hours of several. */
export function slotName({ at }: Pick<UsageSlot, "at">, view: Pick<UsageView, "unit" | "period">) {
  if (view.unit === "day") return formatShortDay(at);
  if (view.unit === "minute") return at.toISOString().slice(11, 16);
  const hour = `${String(at.getUTCHours()).padStart(2, "0")}:00`;
  const isOneDay = view.period.from.getTime() === view.period.to.getTime();
  return isOneDay ? hour : `${formatShortDay(at)}, ${hour}`;
}

export function seriesOf(
  view: UsageView,
  colorOf: SeriesColors,
  measure: UsageMeasure,
): SeriesSlot[] {
  return view.slots.map((slot) => {
    const values = Array.from({ length: SERIES_MAX }, () => 0);
    for (const [id, total] of slot.groups) {
      const color = colorOf(id);
      values[color] = (values[color] ?? 0) + barOf(total, measure);
    }
    return {
      name: slotName(slot, view),
      requests: slot.total.figures.requests,
      values,
      before: slot.before ? barOf(slot.before, measure) : null,
    };
  });
}
