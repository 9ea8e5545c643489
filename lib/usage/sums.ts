import type { Document } from "mongodb";
import type { EndedBy, UsageFigures, TokenCounts } from "./schema";

/** The accumulators of `$group` that make `Figures` of rows. */
export const SUMS = {
  requests: { $sum: 1 },
  free: { $sum: { $cond: ["$free", 1, 0] } },
  freeCost: { $sum: { $cond: ["$free", "$cost", 0] } },
  cost: { $sum: { $cond: ["$free", 0, "$cost"] } },
  input: { $sum: "$tokens.input" },
  cacheRead: { $sum: "$tokens.cacheRead" },
  cacheWrite5m: { $sum: "$tokens.cacheWrite5m" },
  cacheWrite1h: { $sum: "$tokens.cacheWrite1h" },
  output: { $sum: "$tokens.output" },
  reasoning: { $sum: "$tokens.reasoning" },
} satisfies Document;

export type UsageSums = Omit<UsageFigures, "tokens"> & TokenCounts;
export type SumsByEnd = UsageSums & { ended: EndedBy };

export function figuresOf({ requests, free, freeCost, cost, ...amounts }: UsageSums): UsageFigures {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = amounts;
  return {
    requests,
    free,
    freeCost,
    cost,
    tokens: { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning },
  };
}
