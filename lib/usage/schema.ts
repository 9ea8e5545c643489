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

/** All that is kept of a request. There is no field that could take content. */
export const UsageRow = z.object({
  _id: z.string(),
  accountId: z.string(),
  projectId: z.string(),
  at: z.date(),
  model: z.string(),
  provider: z.string(),
  channel: z.string(),
  endpoint: z.string(),
  stream: z.boolean(),
  status: z.number().int(),
  endedBy: EndedBy,
  tokens: z.object({
    input: z.number().int(),
    cacheRead: z.number().int(),
    cacheWrite5m: z.number().int(),
    cacheWrite1h: z.number().int(),
    output: z.number().int(),
    reasoning: z.number().int(),
  }),
  /** Nano-credits. */
  cost: z.number().int(),
  free: z.boolean(),
  latencyMs: z.number().int(),
  firstByteMs: z.number().int().nullable(),
  usageSource: z.enum(["provider", "estimated"]),
});
export type UsageRow = z.infer<typeof UsageRow>;

export const NO_TOKENS: UsageRow["tokens"] = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};

/** Rows live this long; the security page says so. */
export const RETENTION_DAYS = 90;
