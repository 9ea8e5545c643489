import { ChartTips } from "@/components/dashboard/chart-tips";
import { DayChart } from "@/components/ui/day-chart";
import { LineChart } from "@/components/ui/line-chart";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatShortDay } from "@/lib/format";
import { lastDays, type UsagePeriod } from "@/lib/usage/period";
import type { InsightTotal } from "@/lib/usage/insight";
import type { InsightUnit } from "@/lib/usage/insights";
import type { SeriesColors } from "./colors";
import type { UsageView } from "./load";
import { measures, type MeasureView } from "./measures";
import { addressOf, UsageDimension, type UsageSearch } from "./search";
import { seriesNames, seriesOf, slotName, type SeriesSlot } from "./series";

const dimensionNames: Record<UsageDimension, string> = {
  provider: "Provider",
  model: "Model",
  project: "Project",
  key: "Key",
  endpoint: "Endpoint",
  ending: "Ending",
};

interface Props {
  view: UsageView;
  search: UsageSearch;
  colorOf: SeriesColors;
}

/** The measure over hours or days, by the chosen dimension, and the same figures as a table. */
export function UsageChart({ view, search, colorOf }: Props) {
  const measure = measures[search.measure];
  const title = `${measure.title} per ${view.unit}${measure.kind === "sum" ? ` by ${search.by}` : ""}`;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <header className="flex min-h-7 flex-wrap items-center justify-between gap-3">
        <h2 className="text-base">{title}</h2>
        <SegmentedLinks
          label="Group by"
          size="sm"
          options={UsageDimension.options.map((option) => ({
            href: addressOf({ ...search, by: option }),
            label: dimensionNames[option],
            current: option === search.by,
          }))}
        />
      </header>
      {measure.kind === "sum" ? (
        <Bars title={title} view={view} search={search} colorOf={colorOf} />
      ) : (
        <Lines title={title} view={view} measure={measure} />
      )}
    </section>
  );
}

function Bars({ title, view, search, colorOf }: Props & { title: string }) {
  const names = seriesNames(view.groups, colorOf);
  const slots = seriesOf(view, colorOf, search.measure);
  const text = barText(search);
  const visibleSeries = names
    .map((name, series) => ({ name, series }))
    .filter(({ name }) => name !== "");
  return (
    <>
      <SlotBars
        title={title}
        names={names}
        slots={slots}
        isToday={view.period.to.getTime() === lastDays(1).to.getTime()}
        axis={measures[search.measure].axis}
        text={text}
        hasRequests={search.measure !== "requests"}
      />
      {view.before === null ? null : <BeforeNote view={view} />}
      <FiguresTable
        title={title}
        unit={view.unit}
        heads={[...visibleSeries.map(({ name }) => name), "Total"]}
        rows={slots.map(({ name, values }) => ({
          name,
          cells: [
            ...visibleSeries.map(({ series }) => text(values[series] ?? 0)),
            text(values.reduce((sum, value) => sum + value, 0)),
          ],
        }))}
      />
    </>
  );
}

/** The number of errors for their bars; the measure's own text otherwise. */
const barText = ({ measure }: UsageSearch) =>
  measure === "errors" ? formatCount : measures[measure].text;

function Lines({ title, view, measure }: { title: string; view: UsageView; measure: MeasureView }) {
  const upper = measure.chart ?? measure.value;
  const [upperName, usualName] = measure.names ?? [measure.label, ""];
  const { usual } = measure;
  const at = (read: (total: InsightTotal) => number | null) =>
    view.slots.map(({ total }) => read(total));
  const names = view.slots.map((slot) => slotName(slot, view));
  const text = (value: number | null) => (value === null ? "—" : measure.text(value));
  return (
    <>
      <LineChart
        label={title}
        names={names}
        format={measure.axis}
        lines={[
          ...(view.before === null
            ? []
            : [
                {
                  name: "before",
                  style: "before" as const,
                  values: view.slots.map(({ before }) =>
                    before ? (usual ?? upper)(before) : null,
                  ),
                },
              ]),
          ...(usual ? [{ name: usualName, style: "light" as const, values: at(usual) }] : []),
          { name: upperName, style: "strong" as const, values: at(upper) },
        ]}
      />
      <p className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
        <LineKey className="bg-chart-1">{upperName}</LineKey>
        {usual ? <LineKey className="bg-chart-2">{usualName}</LineKey> : null}
        {view.before === null ? null : (
          <LineKey className="bg-muted">
            {usual ? `${usualName}, ` : ""}
            {beforeText(view.before, view)}
          </LineKey>
        )}
      </p>
      <FiguresTable
        title={title}
        unit={view.unit}
        heads={["Requests", ...(usual ? [usualName] : []), upperName]}
        rows={view.slots.map(({ total }, index) => ({
          name: names[index] ?? "",
          cells: [
            formatCount(total.figures.requests),
            ...(usual ? [text(usual(total))] : []),
            text(upper(total)),
          ],
        }))}
      />
    </>
  );
}

function LineKey({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className="whitespace-nowrap">
      <span
        aria-hidden="true"
        className={`mr-2 inline-block h-0.5 w-3.5 align-middle ${className}`}
      />
      {children}
    </span>
  );
}

function BeforeNote({ view }: { view: UsageView }) {
  if (view.before === null) return null;
  return (
    <p className="text-sm text-muted">
      <span aria-hidden="true" className="mr-2 inline-block h-0.5 w-3.5 bg-muted align-middle" />
      The same {view.unit} in the period before, {beforeText(view.before, view)}
    </p>
  );
}

/** "1 Nov to 24 Nov", or "12:04 to 13:04" for an hour. */
const beforeText = ({ from, to }: UsagePeriod, { unit }: UsageView): string =>
  (unit === "minute"
    ? [from, to].map((at) => at.toISOString().slice(11, 16))
    : [from, to].map((at) => formatShortDay(at))
  ).join(" to ");

const unitHeads: Record<InsightUnit, string> = { minute: "Minute", hour: "Hour", day: "Day" };

function FiguresTable(props: {
  title: string;
  unit: InsightUnit;
  heads: string[];
  rows: { name: string; cells: string[] }[];
}) {
  const { title, unit, heads, rows } = props;
  return (
    <details>
      <summary className="w-fit text-sm text-muted hover:text-text">
        These figures as a table
      </summary>
      <Table edge="flush" caption={title} className="mt-2">
        <thead>
          <tr>
            <Th>{unitHeads[unit]}</Th>
            {heads.map((name) => (
              <Th key={name} num>
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map(({ name, cells }) => (
            <tr key={name}>
              <Td className="whitespace-nowrap">{name}</Td>
              {cells.map((cell, index) => (
                <Td key={heads[index]} num>
                  {cell}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}

interface SlotBarsProps {
  title: string;
  names: string[];
  slots: SeriesSlot[];
  isToday: boolean;
  axis: (value: number) => string;
  text: (value: number) => string;
  hasRequests: boolean;
  height?: number;
}

/** The bars, with the figures of the hour or day under the pointer. */
export function SlotBars(props: SlotBarsProps) {
  const { title, names, slots, isToday, axis, text, hasRequests, height = 268 } = props;
  const requests = (count: number) =>
    `${formatCount(count)} ${count === 1 ? "request" : "requests"}`;
  const tips = slots.map((slot) => ({
    lines: slot.values
      .map((value, series) => ({ name: names[series] ?? "", series, value, text: text(value) }))
      .filter(({ value }) => value > 0)
      .toReversed(),
    name: `${slot.name}${hasRequests ? `, ${requests(slot.requests)}` : ""}`,
    total: text(slot.values.reduce((sum, value) => sum + value, 0)),
  }));
  return (
    <ChartTips tips={tips}>
      <DayChart
        label={`${title}, ${slots[0]?.name ?? ""} to ${slots.at(-1)?.name ?? ""}`}
        height={height}
        today={isToday && !slots.at(-1)?.name.includes(":")}
        days={slots.map(({ name, values }) => ({ name, values }))}
        before={slots.map(({ before }) => before)}
        format={axis}
      />
    </ChartTips>
  );
}
