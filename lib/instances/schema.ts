import { z } from "zod";

/** How one credential of ours at a provider fares, as one process sees it. */
export const ChannelState = z.object({
  id: z.string(),
  provider: z.string(),
  /** Our credential or our account was rejected: nothing is sent until a probe succeeds. */
  stopped: z.object({ problem: z.string(), since: z.date(), until: z.date() }).nullable(),
  /** Several accounts met failures of the provider: other channels are preferred until then. */
  breakerUntil: z.date().nullable(),
  /** Accounts whose latest request failed at the provider, within the last minute. */
  failingAccounts: z.number().int(),
  /** Models with a rate limit that was met, or that our credential does not reach; the latest end first. */
  cooldowns: z.array(z.object({ model: z.string(), until: z.date() })),
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
