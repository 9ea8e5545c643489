import { z } from "zod";

export const Instance = z.object({ _id: z.string(), seenAt: z.date() });
export type Instance = z.infer<typeof Instance>;

export const HEARTBEAT_MS = 5_000;
export const DEAD_AFTER_MS = 30_000;
