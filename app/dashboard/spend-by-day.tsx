import { z } from "zod";
import { Section } from "@/components/dashboard/section";
import { ChartLegend } from "@/components/ui/day-chart";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { findModel } from "@/lib/catalog/queries";
import type { UsageCell } from "@/lib/usage/figures";
import { lastDays } from "@/lib/usage/period";
import { DayBars } from "./usage/chart";
import { UsageSearch } from "./usage/search";
import { daysOf, groupsOf, seriesNames } from "./usage/series";

/** The number of days that the chart shows, from the URL. */
export const DaySpan = z.coerce
  .number()
  .pipe(z.union([z.literal(7), z.literal(30), z.literal(90)]))
  .catch(30);
export type DaySpan = z.infer<typeof DaySpan>;

/** Spend per day by model, for the last 7, 30 or 90 days. */
export function SpendByDay({ cells, span }: { cells: UsageCell[]; span: DaySpan }) {
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
      <SpendBars cells={cells} days={span} legend />
    </Section>
  );
}

/** The bars of the cells, one tint per model. */
export function SpendBars(props: {
  cells: UsageCell[];
  days: number;
  height?: number;
  legend?: boolean;
}) {
  const { cells, days, height = 292, legend = false } = props;
  const search = UsageSearch.parse({});
  const period = lastDays(days);
  const groups = groupsOf(cells, search, (id) => findModel(id)?.name ?? id).filter(
    (group) => group.cost > 0,
  );
  const names = seriesNames(groups);
  if (groups.length === 0) {
    return (
      <p className="max-w-prose text-muted">
        Nothing was charged in these {days} days. The cost of a request appears here a moment after
        it ends. Free requests cost nothing.
      </p>
    );
  }
  return (
    <>
      <DayBars
        title="Spend per day by model"
        names={names}
        days={daysOf({ cells, groups, period, search })}
        period={period}
        height={height}
      />
      {legend ? <ChartLegend names={names} /> : null}
    </>
  );
}
