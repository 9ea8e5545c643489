import { z } from "zod";
import { CapWindow } from "@/lib/accounts/schema";

/** How long an alert that was sent is kept, so that it is not sent again and can be listed. */
export const ALERT_DAYS = 90;

const common = {
  /** What it is about, so that one crossing is one alert. */
  _id: z.string(),
  accountId: z.string(),
  at: z.date(),
  /** The name of the project or key as it was; empty for the account. */
  name: z.string(),
  /** Nano-credits. */
  used: z.number().int(),
  /** How many people were mailed and how many webhook endpoints get it; missing for alerts of earlier versions. */
  sentTo: z.object({ people: z.number().int(), webhooks: z.number().int() }).optional(),
};

/** An alert that was sent, or was passed over because a higher one was due at the same time. */
export const LimitAlert = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("threshold"),
    scope: z.enum(["account", "project", "key"]),
    window: CapWindow,
    percent: z.union([z.literal(50), z.literal(80), z.literal(100)]),
    limit: z.number().int(),
    isSent: z.boolean(),
  }),
  z.object({
    ...common,
    kind: z.literal("spike"),
    /** The hour's first instant, and what the same hour of other days usually costs (nano-credits). */
    hour: z.date(),
    usual: z.number().int(),
    isSent: z.boolean(),
  }),
]);
export type LimitAlert = z.infer<typeof LimitAlert>;
