import { Link } from "@/components/ui/link";
import type { ReactNode } from "react";
import { Amount } from "@/components/ui/amount";
import { ChartKey } from "@/components/ui/day-chart";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDuration, splitUsd } from "@/lib/format";
import { percentileOf, type Histogram } from "@/lib/usage/histogram";
import type { InsightTotal } from "@/lib/usage/insight";
import type { SeriesColors } from "./colors";
import type { UsageView } from "./load";
import { cachedTokens, changeText, measures } from "./measures";
import { addressOf, type UsageSearch } from "./search";
import { barOf, sorted } from "./series";

interface Props {
  view: UsageView;
  search: UsageSearch;
  colorOf: SeriesColors;
}

interface TableColumn {
  name: string;
  wide?: boolean;
  cell: (total: InsightTotal, before: InsightTotal | null) => ReactNode;
}

const heads = {
  provider: "Provider",
  model: "Model",
  project: "Project",
  key: "Key",
  endpoint: "Endpoint",
  ending: "Ending",
};

/** The chart's legend with the totals of each series. A name adds its filter. */
export function GroupTable({ view, search, colorOf }: Props) {
  const { total, totalBefore } = view;
  const groups = sorted(view.groups, search.measure);
  const columns = columnsOf(view, search);
  const { free, freeCost } = total.figures;
  return (
    <div className="grid gap-2">
      <Table edge="flush" caption={`Totals by ${search.by}`}>
        <thead>
          <tr>
            <Th>{heads[search.by]}</Th>
            {columns.map(({ name, wide }) => (
              <Th key={name} num wide={wide}>
                {name}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <Td className="wrap-anywhere">
                <ChartKey series={colorOf(group.id)} />
                <Link href={filterAddress(search, group.id)} className="hover:underline">
                  {group.name}
                </Link>
                {group.total.figures.free === 0 ? null : (
                  <Sub className="pl-[17px]">{formatCount(group.total.figures.free)} free</Sub>
                )}
              </Td>
              {columns.map(({ name, wide, cell }) => (
                <Td key={name} num wide={wide}>
                  {cell(group.total, group.before)}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <Td>Total</Td>
            {columns.map(({ name, wide, cell }) => (
              <Td key={name} num wide={wide}>
                {cell(total, totalBefore)}
              </Td>
            ))}
          </tr>
        </tfoot>
      </Table>
      {free === 0 ? null : (
        <p className="text-sm text-muted">
          {formatCount(free)} free {free === 1 ? "request is" : "requests are"} included in the
          counts but not in the cost. At list price {free === 1 ? "it is" : "they are"} worth{" "}
          <Amount nano={freeCost} as="request" className="text-muted" />.
        </p>
      )}
    </div>
  );
}

function filterAddress(search: UsageSearch, id: string): string {
  const name = search.by === "ending" ? "ended" : search.by;
  return addressOf({ ...search, [name]: id, before: undefined, after: undefined });
}

function columnsOf(view: UsageView, search: UsageSearch): TableColumn[] {
  const measure = measures[search.measure];
  const change: TableColumn[] =
    view.totalBefore === null
      ? []
      : [
          {
            name: "Change",
            wide: true,
            cell: (total, before) =>
              (before && changeText(measure, measure.value(total), measure.value(before))) ?? "—",
          },
        ];
  if (measure.kind === "spread") return [...spreadColumns(search), ...change];
  if (search.measure === "errors") return [...errorColumns, ...change];
  return [...sumColumns(view, search), ...change];
}

const requests: TableColumn = {
  name: "Requests",
  cell: ({ figures }) => formatCount(figures.requests),
};

function sumColumns(view: UsageView, search: UsageSearch): TableColumn[] {
  const all = [view.total, ...view.groups.map(({ total }) => total)];
  const pad = Math.max(...all.map(({ figures }) => splitUsd(figures.cost).part.length));
  const allTogether = barOf(view.total, search.measure);
  const share: TableColumn =
    search.measure === "cache"
      ? {
          name: "Hit rate",
          cell: (total) => textOf(measures.cache.value(total), measures.cache.text),
        }
      : {
          name: "Share",
          wide: true,
          cell: (total) =>
            allTogether === 0
              ? "—"
              : `${((barOf(total, search.measure) / allTogether) * 100).toFixed(1)}%`,
        };
  return [
    requests,
    { name: "Input", wide: true, cell: ({ figures }) => formatCount(figures.tokens.input) },
    {
      name: "Cached input",
      wide: true,
      cell: ({ figures }) => formatCount(cachedTokens(figures.tokens)),
    },
    { name: "Output", wide: true, cell: ({ figures }) => formatCount(figures.tokens.output) },
    { name: "Cost", cell: ({ figures }) => <Amount nano={figures.cost} pad={pad} /> },
    ...(view.totalBefore === null || search.measure !== "cost"
      ? []
      : [
          {
            name: "Before",
            wide: true,
            cell: (_: InsightTotal, before: InsightTotal | null) =>
              before === null ? "—" : <Amount nano={before.figures.cost} className="text-muted" />,
          },
        ]),
    share,
  ];
}

const errorColumns: TableColumn[] = [
  requests,
  { name: "Errors", cell: ({ errors }) => formatCount(errors) },
  { name: "Refused", wide: true, cell: ({ refused }) => formatCount(refused) },
  {
    name: "Error rate",
    cell: (total) => textOf(measures.errors.value(total), measures.errors.text),
  },
];

function spreadColumns(search: UsageSearch): TableColumn[] {
  const at = (histogram: Histogram | null, share: number, text: (value: number) => string) =>
    textOf(percentileOf(histogram, share), text);
  if (search.measure === "speed")
    return [
      requests,
      { name: "p50", cell: ({ speed }) => at(speed, 0.5, measures.speed.text) },
      { name: "p5", cell: ({ speed }) => at(speed, 0.05, measures.speed.text) },
    ];
  return [
    requests,
    {
      name: "First byte p50",
      wide: true,
      cell: ({ firstByte }) => at(firstByte, 0.5, formatDuration),
    },
    {
      name: "First byte p95",
      wide: true,
      cell: ({ firstByte }) => at(firstByte, 0.95, formatDuration),
    },
    { name: "p50", cell: ({ latency }) => at(latency, 0.5, formatDuration) },
    { name: "p95", cell: ({ latency }) => at(latency, 0.95, formatDuration) },
  ];
}

const textOf = (value: number | null, text: (value: number) => string): string =>
  value === null ? "—" : text(value);
