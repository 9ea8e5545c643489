import { Binary } from "mongodb";
import { endOf } from "./histogram";
import { ALL_TIMES, type InsightCell } from "./insight";
import type { EndedBy } from "./schema";

/**
 * All cells of an account's hour or day in one document: their names as a JSON list, ten figures a cell as 64-bit floats, and
 * three histograms a cell, each led by its length, as 32-bit integers. 90 days are so 90 documents, whatever was used.
 */
export type PackedInsights = {
  /** account/instant */
  _id: string;
  accountId: string;
  at: Date;
  names: string;
  figures: Binary;
  histograms: Binary;
};

type CellNames = [
  project: string,
  model: string,
  provider: string,
  endpoint: string,
  key: string,
  ended: EndedBy,
];

const FIGURES = 10;
const TIMES = ALL_TIMES.length;

export function packInsights(input: {
  accountId: string;
  at: number;
  cells: InsightCell[];
}): PackedInsights {
  const { accountId, at, cells } = input;
  const names = cells.map((cell): CellNames => [
    cell.projectId,
    cell.model,
    cell.provider,
    cell.endpoint,
    cell.keyId,
    cell.endedBy,
  ]);
  const figures = Float64Array.from(
    cells.flatMap(({ figures: { requests, free, freeCost, cost, tokens } }) => [
      requests,
      free,
      freeCost,
      cost,
      tokens.input,
      tokens.cacheRead,
      tokens.cacheWrite5m,
      tokens.cacheWrite1h,
      tokens.output,
      tokens.reasoning,
    ]),
  );
  const histograms = Uint32Array.from(cells.flatMap(({ times }) => [...times]));
  return {
    _id: `${accountId}/${new Date(at).toISOString()}`,
    accountId,
    at: new Date(at),
    names: JSON.stringify(names),
    figures: new Binary(Buffer.from(figures.buffer)),
    histograms: new Binary(Buffer.from(histograms.buffer)),
  };
}

export function unpackInsights(packedInsights: PackedInsights): InsightCell[] {
  // Written by `packInsights` only.
  const names = JSON.parse(packedInsights.names) as CellNames[];
  const figures = new Float64Array(alignedBytes(packedInsights.figures));
  const histograms = new Uint32Array(alignedBytes(packedInsights.histograms));
  const at = packedInsights.at.getTime();
  let position = 0;
  const nextTimes = () => {
    const start = position;
    for (let count = 0; count < TIMES; count++) position = endOf(histograms, position);
    return histograms.subarray(start, position);
  };
  return names.map(([projectId, model, provider, endpoint, keyId, endedBy], index) => {
    const number = (offset: number) => figures[index * FIGURES + offset] ?? 0;
    return {
      at,
      projectId,
      model,
      provider,
      endpoint,
      keyId,
      endedBy,
      figures: {
        requests: number(0),
        free: number(1),
        freeCost: number(2),
        cost: number(3),
        tokens: {
          input: number(4),
          cacheRead: number(5),
          cacheWrite5m: number(6),
          cacheWrite1h: number(7),
          output: number(8),
          reasoning: number(9),
        },
      },
      times: nextTimes(),
    };
  });
}

/** The bytes of a binary value in a buffer that begins with them, as typed arrays need. */
function alignedBytes(binary: Binary): ArrayBuffer {
  const bytes = binary.buffer.subarray(0, binary.position);
  return new Uint8Array(bytes).buffer;
}
