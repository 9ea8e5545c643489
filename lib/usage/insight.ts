import {
  addPacked,
  addValue,
  endOf,
  newHistogram,
  packHistograms,
  type Histogram,
  type OpenHistogram,
  type PackedHistograms,
} from "./histogram";
import { addFigures, noFigures, type EndedBy, type UsageFigures, type UsageRow } from "./schema";

/** What of a row an insight is made of. */
export type InsightSample = Pick<
  UsageRow,
  | "accountId"
  | "at"
  | "projectId"
  | "model"
  | "provider"
  | "endpoint"
  | "endedBy"
  | "tokens"
  | "cost"
  | "free"
  | "latencyMs"
  | "firstByteMs"
> & { keyId?: string | undefined };

/** The figures of one hour or day (`at` is its first instant, in epoch milliseconds), one combination and one ending. */
export type InsightCell = {
  at: number;
  projectId: string;
  model: string;
  provider: string;
  endpoint: string;
  /** "" where the row names no key. */
  keyId: string;
  endedBy: EndedBy;
  figures: UsageFigures;
  /** Of complete requests: latency and first byte in milliseconds, then tokens a second after the first byte. */
  times: PackedHistograms;
};

export type TimeName = "latency" | "firstByte" | "speed";
export const ALL_TIMES: readonly TimeName[] = ["latency", "firstByte", "speed"];

type OpenCell = Omit<InsightCell, "times"> & Record<TimeName, OpenHistogram>;

/** Sums rows up by hour or day, combination and ending. */
export function createInsights(unitMs: number) {
  const cells = new Map<string, OpenCell>();
  return {
    add: (row: InsightSample): void => {
      const at = Math.floor(row.at.getTime() / unitMs) * unitMs;
      const { projectId, model, provider, endpoint, keyId = "", endedBy } = row;
      const key = `${at} ${projectId} ${model} ${endpoint} ${keyId} ${endedBy}`;
      let cell = cells.get(key);
      if (!cell) {
        const histograms = { latency: new Map(), firstByte: new Map(), speed: new Map() };
        const figures = noFigures();
        cell = { at, projectId, model, provider, endpoint, keyId, endedBy, figures, ...histograms };
        cells.set(key, cell);
      }
      addRow(cell, row);
    },
    cells: (): InsightCell[] =>
      [...cells.values()].map(({ latency, firstByte, speed, ...cell }) => ({
        ...cell,
        times: packHistograms([latency, firstByte, speed]),
      })),
  };
}

function addRow(cell: OpenCell, row: InsightSample): void {
  const { cost, free, tokens, latencyMs, firstByteMs, endedBy } = row;
  addFigures(cell.figures, {
    requests: 1,
    free: free ? 1 : 0,
    freeCost: free ? cost : 0,
    cost: free ? 0 : cost,
    tokens,
  });
  if (endedBy !== "complete") return;
  addValue(cell.latency, latencyMs);
  if (firstByteMs === null) return;
  addValue(cell.firstByte, firstByteMs);
  const seconds = (latencyMs - firstByteMs) / 1000;
  if (seconds > 0.05 && tokens.output > 1) addValue(cell.speed, tokens.output / seconds);
}

/** The totals of several cells; a histogram is missing where it was not asked for. */
export type InsightTotal = {
  figures: UsageFigures;
  errors: number;
  refused: number;
} & Record<TimeName, Histogram | null>;

export function newTotal(times: readonly TimeName[]): InsightTotal {
  const histogramOf = (name: TimeName) => (times.includes(name) ? newHistogram() : null);
  return {
    figures: noFigures(),
    errors: 0,
    refused: 0,
    latency: histogramOf("latency"),
    firstByte: histogramOf("firstByte"),
    speed: histogramOf("speed"),
  };
}

export function addCell(to: InsightTotal, cell: InsightCell, isFailure: boolean): void {
  addFigures(to.figures, cell.figures);
  if (isFailure) to.errors += cell.figures.requests;
  if (cell.endedBy === "refused") to.refused += cell.figures.requests;
  const { times } = cell;
  if (to.latency) addPacked(to.latency, times, 0);
  const firstByteAt = endOf(times, 0);
  if (to.firstByte) addPacked(to.firstByte, times, firstByteAt);
  if (to.speed) addPacked(to.speed, times, endOf(times, firstByteAt));
}
