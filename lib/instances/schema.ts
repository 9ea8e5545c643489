import { z } from "zod";

/** How one credential of ours at a provider fares, as one process sees it. */
export const ChannelState = z.object({
  id: z.string(),
  provider: z.string(),
  /** In a row, up to now. */
  failures: z.number().int(),
  /** While it rests after failures. */
  restsUntil: z.date().nullable(),
});
export type ChannelState = z.infer<typeof ChannelState>;

export const Instance = z.object({
  _id: z.string(),
  seenAt: z.date(),
  channels: z.array(ChannelState).optional(),
});
export type Instance = z.infer<typeof Instance>;

export const HEARTBEAT_MS = 5_000;
export const DEAD_AFTER_MS = 30_000;
/** Two heartbeats and a little. */
export const CONFIRM_MS = 12_000;
export const FORGET_MS = 3_600_000;
