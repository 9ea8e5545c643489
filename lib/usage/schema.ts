import { z } from "zod";

/** How a request ended. */
export const EndedBy = z.enum([
  "complete",
  "client_left",
  "provider_error",
  "provider_cut",
  "timeout",
  "refused",
  "interrupted",
]);
export type EndedBy = z.infer<typeof EndedBy>;

export const TokenCounts = z.object({
  input: z.number().int(),
  cacheRead: z.number().int(),
  cacheWrite5m: z.number().int(),
  cacheWrite1h: z.number().int(),
  output: z.number().int(),
  reasoning: z.number().int(),
});
export type TokenCounts = z.infer<typeof TokenCounts>;

/** All that is kept of a request. There is no field that could take content. */
export const UsageRow = z.object({
  _id: z.string(),
  accountId: z.string(),
  projectId: z.string(),
  /** Missing in rows of earlier versions. */
  keyId: z.string().optional(),
  at: z.date(),
  model: z.string(),
  /** The model that the provider says served the request, where it is another one; missing in rows of earlier versions. */
  servedModel: z.string().nullish(),
  provider: z.string(),
  channel: z.string(),
  endpoint: z.string(),
  stream: z.boolean(),
  status: z.number().int(),
  endedBy: EndedBy,
  tokens: TokenCounts,
  /** Nano-credits. */
  cost: z.number().int(),
  free: z.boolean(),
  latencyMs: z.number().int(),
  firstByteMs: z.number().int().nullable(),
  /** Nano-credits that the hold took, from the balance or the free allowance; rows from before 30 November 2026 have none. */
  held: z.number().int().optional(),
  /** Milliseconds from the request's arrival until its hold was placed, its body's arrival included; missing as `held` is. */
  ownMs: z.number().int().optional(),
  usageSource: z.enum(["provider", "estimated"]),
  /** Nano-credits that the provider states it charged us, where it does (xAI). */
  statedCost: z.number().int().optional(),
  /** The catalog that priced it, with the time of the row; rows from before 30 November 2026 have none. */
  catalogVersion: z.string().optional(),
});
export type UsageRow = z.infer<typeof UsageRow>;

/** What of a row says how a provider did, and nothing of whose it is. */
export type HealthSample = Pick<
  UsageRow,
  | "at"
  | "provider"
  | "channel"
  | "model"
  | "endedBy"
  | "status"
  | "stream"
  | "firstByteMs"
  | "latencyMs"
  | "ownMs"
  | "tokens"
>;

export const NO_TOKENS: TokenCounts = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};

/** Rows live this long; the security page says so. */
export const RETENTION_DAYS = 90;

/** The totals of a number of requests. */
export const UsageFigures = z.object({
  requests: z.number().int(),
  /** Those that a free request paid for, and what they would have cost (nano-credits). */
  free: z.number().int(),
  freeCost: z.number().int(),
  /** Nano-credits charged to credits. */
  cost: z.number().int(),
  tokens: TokenCounts,
});
export type UsageFigures = z.infer<typeof UsageFigures>;

/** A UTC day of one project and model, summed up from its rows: see `lib/usage/roll-up.ts`. */
export const UsageDay = UsageFigures.extend({
  /** account/day/project/model */
  _id: z.string(),
  accountId: z.string(),
  projectId: z.string(),
  model: z.string(),
  /** The first instant of the day. */
  day: z.date(),
  errors: z.number().int(),
  /** The same figures by how the requests ended, so that a filter needs no rows. */
  ended: z.partialRecord(EndedBy, UsageFigures),
  frozen: z.boolean(),
});
export type UsageDay = z.infer<typeof UsageDay>;

/** How far the roll-up has come; the days before each date are done. One document. */
export const RollUpState = z.object({
  _id: z.literal("days"),
  /** Summed up at least once: charts read `days` before it and rows from it on. */
  rolledBefore: z.date(),
  /** Never changed again, and what the books rest on once the rows have expired. */
  frozenBefore: z.date(),
  /** Rows expired before they were summed up, because nothing ran for months: the books before it cannot be redone. */
  gapBefore: z.date().optional(),
  nextAt: z.date(),
});
export type RollUpState = z.infer<typeof RollUpState>;

/** How far the roll-up of insights has come. One document. */
export const InsightState = z.object({
  _id: z.literal("insights"),
  hoursBefore: z.date().optional(),
  daysBefore: z.date().optional(),
  nextAt: z.date(),
});
export type InsightState = z.infer<typeof InsightState>;

export const DAY_MS = 86_400_000;
/** A day is summed again for so long after its end, then frozen. */
export const OPEN_DAYS = 7;
/** So long after a day began, no row of it has expired. */
export const COMPLETE_DAYS = RETENTION_DAYS - 1;

/** The first instant of a UTC day. */
export const startOfDay = (at: Date | number): Date =>
  new Date(Math.floor(Number(at) / DAY_MS) * DAY_MS);

/** Whether an ending counts as an error: a request that its client aborted does not. */
export const isError = (endedBy: EndedBy): boolean =>
  endedBy !== "complete" && endedBy !== "client_left";

/** Whether the provider is at fault for an ending. */
export const isProviderError = (endedBy: EndedBy): boolean =>
  endedBy === "provider_error" || endedBy === "provider_cut" || endedBy === "timeout";

export function addFigures(to: UsageFigures, figures: UsageFigures): void {
  to.requests += figures.requests;
  to.free += figures.free;
  to.freeCost += figures.freeCost;
  to.cost += figures.cost;
  addTokens(to.tokens, figures.tokens);
}

/** By name, not in a loop over the names: a usage page adds tens of thousands up. */
function addTokens(to: TokenCounts, tokens: TokenCounts): void {
  to.input += tokens.input;
  to.cacheRead += tokens.cacheRead;
  to.cacheWrite5m += tokens.cacheWrite5m;
  to.cacheWrite1h += tokens.cacheWrite1h;
  to.output += tokens.output;
  to.reasoning += tokens.reasoning;
}

export const noFigures = (): UsageFigures => ({
  requests: 0,
  free: 0,
  freeCost: 0,
  cost: 0,
  tokens: { ...NO_TOKENS },
});
