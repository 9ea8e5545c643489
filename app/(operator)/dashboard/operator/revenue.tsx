import { changeText, measures } from "@/app/dashboard/usage/measures";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { ChartKey, DayChart, SERIES_MAX } from "@/components/ui/day-chart";
import { FigureStrip } from "@/components/ui/figure-strip";
import { Table, Td, Th } from "@/components/ui/table";
import { findModel } from "@/lib/catalog/queries";
import { formatCount, formatShortDay, formatUsd } from "@/lib/format";
import type { LedgerDay } from "@/lib/ledger/queries";
import { providerIds, providerName } from "@/lib/providers";
import { addSales, type ModelSales } from "@/lib/usage/sales";
import { DAY_MS } from "@/lib/usage/schema";

interface Props {
  /** The sums of the days of the chart and of as many before them. */
  models: ModelSales[];
  ledgerDays: LedgerDay[];
  /** The first day and the last of the chart. */
  from: Date;
  to: Date;
}

/** The color of models that are not in the catalog any more. */
const OTHER = SERIES_MAX - 1;

/** What all accounts were charged by day and provider, against the days before, and what was paid in. */
export function Revenue({ models, ledgerDays, from, to }: Props) {
  const count = Math.round((to.getTime() - from.getTime()) / DAY_MS) + 1;
  const isBefore = ({ day }: { day: Date }) => day < from;
  const current = models.filter((cell) => !isBefore(cell));
  const total = totalOf(current);
  const totalBefore = totalOf(models.filter(isBefore));
  const beforeDays = dailyCosts(models, new Date(from.getTime() - count * DAY_MS), count);
  const bars = dailyCosts(current, from, count).map((values, index) => {
    const name = formatShortDay(new Date(from.getTime() + index * DAY_MS));
    return { name, title: `${name}: ${measures.cost.text(sumOf(values))} charged`, values };
  });
  return (
    <Section title={`Revenue, ${count} days`}>
      <FigureStrip figures={figuresOf({ total, totalBefore, ledgerDays, count })} />
      <DayChart
        label={`Charged per day by provider, ${formatShortDay(from)} to ${formatShortDay(to)}`}
        days={bars}
        before={beforeDays.map(sumOf)}
        height={200}
        format={measures.cost.axis}
      />
      <Table edge="flush" caption={`Charged in ${count} days by provider`}>
        <thead>
          <tr>
            <Th>Provider</Th>
            <Th num>Requests</Th>
            <Th num>Charged</Th>
            <Th num>Share</Th>
            <Th num wide>
              Change
            </Th>
          </tr>
        </thead>
        <tbody>
          {[...providerIds().keys(), OTHER].map((series) => (
            <ProviderRow key={series} series={series} models={models} from={from} of={total.cost} />
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        A mark on a bar is the day {count} days earlier, and a change is against those {count} days.
      </p>
    </Section>
  );
}

interface RowProps {
  series: number;
  models: ModelSales[];
  from: Date;
  of: number;
}

function ProviderRow({ series, models, from, of: all }: RowProps) {
  const modelsOfSeries = models.filter(({ model }) => seriesOf(model) === series);
  if (series === OTHER && modelsOfSeries.length === 0) return null;
  const { requests, cost } = totalOf(modelsOfSeries.filter(({ day }) => day >= from));
  const before = totalOf(modelsOfSeries.filter(({ day }) => day < from));
  return (
    <tr>
      <Td>
        <ChartKey series={series} />
        {series === OTHER ? "Models of the past" : providerName(providerIds()[series] ?? "")}
      </Td>
      <Td num>{formatCount(requests)}</Td>
      <Td num>
        <Amount nano={cost} />
      </Td>
      <Td num>{shareText(cost, all)}</Td>
      <Td num wide>
        {changeText(measures.cost, cost, before.cost) ?? "—"}
      </Td>
    </tr>
  );
}

function figuresOf(input: {
  total: ReturnType<typeof totalOf>;
  totalBefore: ReturnType<typeof totalOf>;
  ledgerDays: LedgerDay[];
  count: number;
}) {
  const { total, totalBefore, ledgerDays, count } = input;
  const purchases = ledgerDays.filter(({ kind }) => kind === "purchase");
  const claims = ledgerDays.filter(({ kind }) => kind === "refund" || kind === "dispute");
  const purchaseCount = sumOf(purchases.map(({ entries }) => entries));
  const change = changeText(measures.cost, total.cost, totalBefore.cost);
  return [
    {
      term: "Charged for usage",
      figure: <Amount nano={total.cost} />,
      note: change === null ? "nothing before" : `${change} against the ${count} days before`,
    },
    {
      term: "Paid in",
      figure: <Amount nano={sumOf(purchases.map(({ amount }) => amount))} />,
      note: `${formatCount(purchaseCount)} ${purchaseCount === 1 ? "purchase" : "purchases"}, fees of ${formatUsd(sumOf(purchases.map(({ fee }) => fee)))} on top`,
    },
    {
      term: "Refunds and disputes",
      figure: <Amount nano={sumOf(claims.map(({ amount }) => amount))} />,
      note: `${formatCount(sumOf(claims.map(({ entries }) => entries)))} in the ledger`,
    },
    {
      term: "Free requests",
      figure: <Amount nano={total.freeCost} />,
      note: "at list price, not charged",
    },
  ];
}

const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

function totalOf(models: ModelSales[]) {
  const total = { requests: 0, cost: 0, freeCost: 0 };
  for (const cell of models) addSales(total, cell);
  return total;
}

function seriesOf(model: string): number {
  const provider = findModel(model)?.provider;
  const series = provider === undefined ? -1 : providerIds().indexOf(provider);
  return series === -1 ? OTHER : series;
}

/** A list of costs by series for each day. */
function dailyCosts(models: ModelSales[], from: Date, count: number): number[][] {
  const days = Array.from({ length: count }, () => Array.from({ length: SERIES_MAX }, () => 0));
  for (const { day, model, cost } of models) {
    const values = days[Math.round((day.getTime() - from.getTime()) / DAY_MS)];
    const series = seriesOf(model);
    if (values) values[series] = (values[series] ?? 0) + cost;
  }
  return days;
}

export const shareText = (part: number, all: number): string =>
  all === 0 ? "—" : `${((part / all) * 100).toFixed(1)}%`;
