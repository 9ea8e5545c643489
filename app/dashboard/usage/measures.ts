import { formatCount, formatDuration, formatSize, formatUsd } from "@/lib/format";
import { percentileOf } from "@/lib/usage/histogram";
import type { InsightTotal, TimeName } from "@/lib/usage/insight";
import type { TokenCounts } from "@/lib/usage/schema";
import type { UsageMeasure } from "./search";

export interface MeasureView {
  label: string;
  /** The beginning of the chart's heading. */
  title: string;
  /** "sum": bars that add up. "rate": one line. "spread": a usual and a slow line. */
  kind: "sum" | "rate" | "spread";
  /** The figure of the strip; null where there is nothing to compute it from. */
  value: (total: InsightTotal) => number | null;
  /** What a bar or the upper line shows; the figure of the strip where it is not given. */
  chart?: (total: InsightTotal) => number | null;
  /** The lower line of a spread. */
  usual?: (total: InsightTotal) => number | null;
  names?: [upper: string, usual: string];
  text: (value: number) => string;
  /** The figure of the strip, where it is shorter. */
  short?: (value: number) => string;
  axis: (value: number) => string;
  /** The times that the chart and the table of a spread read. */
  slotTimes?: readonly TimeName[];
  groupTimes?: readonly TimeName[];
  /** Whether a change is a difference in points of a percentage. */
  inPoints?: boolean;
}

const CENT = 10_000_000;

/** Money rounded to the cent, for charts. The tables show exact amounts. */
const centsText = (value: number): string =>
  value > 0 && value < CENT ? "<$0.01" : formatUsd(Math.round(value / CENT) * CENT);
const usdAxis = (value: number) =>
  formatUsd(value, value % 1_000_000_000 === 0 ? 0 : 2).replace(/\.$/, "");
const percentText = (value: number) => `${(value * 100).toFixed(1)}%`;
const percentAxis = (value: number) => `${Number((value * 100).toFixed(1))}%`;

export const cachedTokens = (tokens: TokenCounts): number =>
  tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
export const totalTokens = (tokens: TokenCounts): number =>
  tokens.input + cachedTokens(tokens) + tokens.output;

/** "16.44M" from a million on. */
const shortCount = (value: number): string =>
  value < 1_000_000 ? formatCount(value) : formatSize(value);

const ratio = (part: number, all: number): number | null => (all === 0 ? null : part / all);

export const measures: Record<UsageMeasure, MeasureView> = {
  cost: {
    label: "Cost",
    title: "Spend",
    kind: "sum",
    value: ({ figures }) => figures.cost,
    text: centsText,
    axis: usdAxis,
  },
  tokens: {
    label: "Tokens",
    title: "Tokens",
    kind: "sum",
    value: ({ figures }) => totalTokens(figures.tokens),
    text: formatCount,
    short: shortCount,
    axis: formatSize,
  },
  requests: {
    label: "Requests",
    title: "Requests",
    kind: "sum",
    value: ({ figures }) => figures.requests,
    text: formatCount,
    short: shortCount,
    axis: formatSize,
  },
  errors: {
    label: "Errors",
    title: "Errors and refusals",
    kind: "sum",
    value: ({ errors, figures }) => ratio(errors, figures.requests),
    chart: ({ errors }) => errors,
    text: percentText,
    axis: formatSize,
    inPoints: true,
  },
  latency: {
    label: "Latency, p95",
    title: "Latency",
    kind: "spread",
    value: ({ latency }) => percentileOf(latency, 0.95),
    usual: ({ latency }) => percentileOf(latency, 0.5),
    names: ["p95", "p50"],
    text: formatDuration,
    axis: formatDuration,
    slotTimes: ["latency"],
    groupTimes: ["latency", "firstByte"],
  },
  "first-byte": {
    label: "First byte, p50",
    title: "Time to first byte",
    kind: "spread",
    value: ({ firstByte }) => percentileOf(firstByte, 0.5),
    chart: ({ firstByte }) => percentileOf(firstByte, 0.95),
    usual: ({ firstByte }) => percentileOf(firstByte, 0.5),
    names: ["p95", "p50"],
    text: formatDuration,
    axis: formatDuration,
    slotTimes: ["firstByte"],
    groupTimes: ["latency", "firstByte"],
  },
  speed: {
    label: "Tokens a second",
    title: "Tokens a second",
    kind: "spread",
    value: ({ speed }) => percentileOf(speed, 0.5),
    usual: ({ speed }) => percentileOf(speed, 0.05),
    names: ["p50", "p5"],
    text: (value) => formatCount(Math.round(value)),
    axis: formatCount,
    slotTimes: ["speed"],
    groupTimes: ["speed"],
  },
  cache: {
    label: "Cache hits",
    title: "Cache hit rate",
    kind: "rate",
    value: ({ figures: { tokens } }) =>
      ratio(tokens.cacheRead, tokens.input + cachedTokens(tokens)),
    text: percentText,
    axis: percentAxis,
    inPoints: true,
  },
};

/** "+19.0%", "−0.7 pt"; null where there is nothing to compare with. */
export function changeText(
  view: MeasureView,
  now: number | null,
  before: number | null,
): string | null {
  if (now === null || before === null) return null;
  const change = view.inPoints
    ? (now - before) * 100
    : before === 0
      ? null
      : (now / before - 1) * 100;
  if (change === null) return null;
  const sign = change > 0.05 ? "+" : change < -0.05 ? "−" : "±";
  const size = Math.abs(change);
  const digits = size >= 1_000 ? formatCount(size) : size.toFixed(1);
  return `${sign}${digits}${view.inPoints ? " pt" : "%"}`;
}
