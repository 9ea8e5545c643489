import { z } from "zod";
import { WebhookEventType } from "@/lib/webhook-endpoints/schema";

/** What went wrong with an attempt that got no response, or one that is not accepted whatever its status. */
export const DeliveryProblem = z.enum([
  "timeout",
  "dns",
  "address",
  "refused",
  "tls",
  "reset",
  "failed",
]);
export type DeliveryProblem = z.infer<typeof DeliveryProblem>;

/** One POST to an endpoint. Of the response there is its status and how long it took, and nothing of its body. */
export const DeliveryAttempt = z.object({
  at: z.date(),
  /** Null where there was no response; then `problem` says why. */
  status: z.number().int().nullable(),
  problem: DeliveryProblem.optional(),
  /** Milliseconds until the response's headers, or the problem. */
  latencyMs: z.number().int(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

/** Whether an endpoint took the event: it responded with a 2xx. */
export const isAccepted = ({ status }: Pick<DeliveryAttempt, "status">): boolean =>
  status !== null && status >= 200 && status < 300;

/** `stopped`: by the owner, or because the endpoint was disabled. `failed`: OneKey gave up. */
export const DeliveryState = z.enum(["pending", "delivered", "failed", "stopped"]);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** One event for one endpoint: what is sent, what came of it, and when it is sent next. */
export const WebhookDelivery = z.object({
  /** The `webhook-id`: the same in every attempt, so that a receiver can drop repeats. */
  _id: z.string(),
  accountId: z.string(),
  endpointId: z.string(),
  type: z.union([WebhookEventType, z.literal("test.ping")]),
  /** The body, as JSON. */
  payload: z.string(),
  createdAt: z.date(),
  state: DeliveryState,
  /** When it is due. While somebody sends it, the end of their lease. */
  nextAt: z.date().optional(),
  /** Who sends it now. */
  claim: z.string().optional(),
  /** The latest ATTEMPTS_KEPT. */
  attempts: z.array(DeliveryAttempt),
  /** How many attempts were made. */
  attemptCount: z.number().int(),
  /** A test, or one that was sent again after its end: a failure is not followed by another attempt. */
  isSingle: z.boolean(),
  expires: z.date(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const DELIVERY_DAYS = 30;
export const ATTEMPTS_KEPT = 20;
