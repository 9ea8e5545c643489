import { z } from "zod";
import { Creator } from "@/lib/keys/schema";

/** What an endpoint can subscribe to, as noun.verb; the noun groups the page's list. */
export const WebhookEventType = z.enum([
  "balance.low",
  "balance.exhausted",
  "limit.threshold",
  "limits.changed",
  "spend.spike",
  "payment.credited",
  "payment.failed",
  "payment.refunded",
  "payment.disputed",
  "key.created",
  "key.rotated",
  "key.revoked",
  "key.leaked",
  "member.invited",
  "member.joined",
  "member.role_changed",
  "member.removed",
  "model.retiring",
  "model.price_raised",
]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** Names a signing secret, which is derived from it and the server's pepper: the secret itself is nowhere. */
const SigningSecret = z.object({
  salt: z.string(),
  createdAt: z.date(),
  /** After a rotation: deliveries are signed with it too until then. */
  endsAt: z.date().optional(),
});
export type SigningSecret = z.infer<typeof SigningSecret>;

/** Why OneKey stopped posting to an endpoint: nothing was accepted for 3 days, or it responded 410. */
export const DisabledReason = z.enum(["failing", "gone"]);

/** A URL that an account's events are posted to. */
export const WebhookEndpoint = z.object({
  _id: z.string(),
  accountId: z.string(),
  url: z.string(),
  events: z.array(WebhookEventType).min(1),
  /** The newest last. */
  secrets: z.array(SigningSecret).min(1),
  createdAt: z.date(),
  creator: Creator,
  /** Since it was added, changed or enabled: what happened before is not posted to it. */
  activeSince: z.date(),
  /** When it last responded with a 2xx. */
  acceptedAt: z.date().optional(),
  /** While it is set, no event is recorded for it. `mailAt` is when somebody may notify its owner; without it, they were. */
  disabled: z
    .object({ at: z.date(), reason: DisabledReason, mailAt: z.date().optional() })
    .optional(),
});
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

export const ENDPOINTS_MAX = 10;
export const URL_LENGTH_MAX = 2_048;
/** So many secrets of one endpoint sign together. */
export const SECRETS_MAX = 5;

/** The secrets that sign at a time (epoch milliseconds), the newest first. */
export const liveSecrets = ({ secrets }: Pick<WebhookEndpoint, "secrets">, now: number) =>
  secrets
    .filter(({ createdAt, endsAt }) => createdAt.getTime() <= now && !(endsAt && +endsAt <= now))
    .toReversed();
