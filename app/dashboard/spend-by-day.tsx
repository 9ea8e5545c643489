import { z } from "zod";
import { Section } from "@/components/dashboard/section";
import { ChartLegend, SERIES_MAX } from "@/components/ui/day-chart";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { findModel } from "@/lib/catalog/queries";
import { formatShortDay } from "@/lib/format";
import type { UsageCell } from "@/lib/usage/figures";
import { lastDays } from "@/lib/usage/period";
import { DAY_MS } from "@/lib/usage/schema";
import { SlotBars } from "./usage/chart";
import { colorsOf, type SeriesColors } from "./usage/colors";
import { measures } from "./usage/measures";
import type { SeriesSlot } from "./usage/series";

/** The number of days that the chart shows, from the URL. */
export const DaySpan = z.coerce
  .number()
  .pipe(z.union([z.literal(7), z.literal(30), z.literal(90)]))
  .catch(30);
export type DaySpan = z.infer<typeof DaySpan>;

/** Spend per day by model, for the last 7, 30 or 90 days. */
export function SpendByDay(props: { cells: UsageCell[]; recent: UsageCell[]; span: DaySpan }) {
  const { cells, recent, span } = props;
  return (
    <Section
      title="Spend per day"
      action={
        <SegmentedLinks
          label="Range"
          size="sm"
          options={([7, 30, 90] as const).map((days) => ({
            href: days === 30 ? "/dashboard" : `/dashboard?days=${days}`,
            label: `${days} days`,
            current: days === span,
          }))}
        />
      }
    >
      <SpendBars cells={cells} recent={recent} days={span} legend />
    </Section>
  );
}

/** The bars of the cells by model; the number of requests while nothing was charged. */
export function SpendBars(props: {
  cells: UsageCell[];
  /** The cells of 90 days, which decide the colors. */
  recent: UsageCell[];
  days: number;
  height?: number;
  legend?: boolean;
}) {
  const { cells, recent, days, height = 292, legend = false } = props;
  const hasCost = cells.some(({ cost }) => cost > 0);
  const valueOf = (cell: UsageCell) => (hasCost ? cell.cost : cell.requests);
  const visibleCells = cells.filter((cell) => valueOf(cell) > 0);
  if (visibleCells.length === 0)
    return <p className="max-w-prose text-muted">No requests in these {days} days.</p>;
  const colorOf = colorsOf("model", recent, []);
  const names = Array.from({ length: SERIES_MAX }, () => "");
  for (const { model } of visibleCells)
    names[colorOf(model)] =
      colorOf(model) === SERIES_MAX - 1 ? "Others" : (findModel(model)?.name ?? model);
  const measure = measures[hasCost ? "cost" : "requests"];
  const title = hasCost ? "Spend per day by model" : "Requests per day by model";
  return (
    <>
      {hasCost ? null : (
        <p className="text-sm text-muted">
          Requests per day. Nothing was charged in these {days} days: free requests cost nothing.
        </p>
      )}
      <SlotBars
        title={title}
        names={names}
        slots={slotsOf(visibleCells, days, colorOf, valueOf)}
        isToday
        axis={measure.axis}
        text={measure.text}
        hasRequests={hasCost}
        height={height}
      />
      {legend ? <ChartLegend names={names} /> : null}
    </>
  );
}

function slotsOf(
  cells: UsageCell[],
  days: number,
  colorOf: SeriesColors,
  valueOf: (cell: UsageCell) => number,
): SeriesSlot[] {
  const { from } = lastDays(days);
  const slots = Array.from({ length: days }, (_, index): SeriesSlot => ({
    name: formatShortDay(new Date(from.getTime() + index * DAY_MS)),
    requests: 0,
    values: Array.from({ length: SERIES_MAX }, () => 0),
    before: null,
  }));
  for (const cell of cells) {
    const slot = slots[Math.round((cell.day.getTime() - from.getTime()) / DAY_MS)];
    if (!slot) continue;
    const color = colorOf(cell.model);
    slot.values[color] = (slot.values[color] ?? 0) + valueOf(cell);
    slot.requests += cell.requests;
  }
  return slots;
}
