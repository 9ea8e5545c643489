import { ChartTips } from "@/components/dashboard/chart-tips";
import { DayChart } from "@/components/ui/day-chart";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDay, formatShortDay, formatSize, formatUsd } from "@/lib/format";
import { lastDays, type UsagePeriod } from "@/lib/usage/period";
import { valueText, seriesNames, type SeriesDay, type SeriesGroup } from "./series";
import { addressOf, UsageMeasure, type UsageSearch } from "./search";

const titles = { cost: "Spend", tokens: "Tokens", requests: "Requests" } satisfies Record<
  UsageMeasure,
  string
>;
const labels = { cost: "Cost", tokens: "Tokens", requests: "Requests" } satisfies Record<
  UsageMeasure,
  string
>;

interface Props {
  search: UsageSearch;
  period: UsagePeriod;
  groups: SeriesGroup[];
  days: SeriesDay[];
}

/** One bar per day, by model or by project, and the same figures as a table. */
export function UsageChart({ search, period, groups, days }: Props) {
  const { measure, by } = search;
  const names = seriesNames(groups);
  const title = `${titles[measure]} per day by ${by}`;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <header className="flex min-h-7 flex-wrap items-center justify-between gap-3">
        <h2 className="text-base">{title}</h2>
        <div className="flex flex-wrap gap-2">
          <SegmentedLinks
            label="Group by"
            size="sm"
            options={(["model", "project"] as const).map((option) => ({
              href: addressOf({ ...search, by: option }),
              label: option === "model" ? "Model" : "Project",
              current: option === by,
            }))}
          />
          <SegmentedLinks
            label="Measure"
            size="sm"
            options={UsageMeasure.options.map((option) => ({
              href: addressOf({ ...search, measure: option }),
              label: labels[option],
              current: option === measure,
            }))}
          />
        </div>
      </header>
      <DayBars title={title} names={names} days={days} period={period} measure={measure} />
      <details>
        <summary className="w-fit text-sm text-muted hover:text-text">
          These figures as a table
        </summary>
        <Table edge="flush" caption={title} className="mt-2">
          <thead>
            <tr>
              <Th>Day</Th>
              {names.map((name) => (
                <Th key={name} num>
                  {name}
                </Th>
              ))}
              <Th num>Total</Th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((day) => (
              <tr key={day.at.getTime()}>
                <Td className="whitespace-nowrap">{formatDay(day.at)}</Td>
                {names.map((name, series) => (
                  <Td key={name} num>
                    {valueText(day.values[series] ?? 0, measure)}
                  </Td>
                ))}
                <Td num>{valueText(total(day), measure)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </details>
    </section>
  );
}

const total = (day: SeriesDay) => day.values.reduce((sum, value) => sum + value, 0);

interface BarSeries {
  title: string;
  names: string[];
  days: SeriesDay[];
  period: UsagePeriod;
  measure?: UsageMeasure;
  height?: number;
}

/** The bars, with the figures of the day under the pointer. */
export function DayBars({ title, names, days, period, measure = "cost", height = 268 }: BarSeries) {
  const requests = (count: number) =>
    `${formatCount(count)} ${count === 1 ? "request" : "requests"}`;
  const tips = days.map((day) => ({
    lines: day.values
      .map((value, series) => ({
        name: names[series] ?? "",
        series,
        value,
        text: valueText(value, measure),
      }))
      .filter(({ value }) => value > 0)
      .toReversed(),
    name: `${formatShortDay(day.at)}${measure === "requests" ? "" : `, ${requests(day.requests)}`}`,
    total: valueText(total(day), measure),
  }));
  return (
    <ChartTips tips={tips}>
      <DayChart
        label={`${title}, ${formatShortDay(period.from)} to ${formatShortDay(period.to)}`}
        height={height}
        today={period.to.getTime() === lastDays(1).to.getTime()}
        days={days.map((day) => ({ name: formatShortDay(day.at), values: day.values }))}
        format={measure === "cost" ? axisUsd : formatSize}
      />
    </ChartTips>
  );
}

const axisUsd = (value: number) =>
  formatUsd(value, value % 1_000_000_000 === 0 ? 0 : 2).replace(/\.$/, "");
