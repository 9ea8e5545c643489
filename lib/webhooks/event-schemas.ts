import { z } from "zod";
import { WebhookEventType } from "@/lib/webhook-endpoints/schema";

const credits = z
  .string()
  .regex(/^-?\d+\.\d{9}$/)
  .describe("Credits as a decimal string with nine places; one credit is one US dollar.");
const time = z.iso.datetime().describe("UTC.");
const day = z.iso.date();
const name = z.string().describe("The name at that time.");

const Named = z.strictObject({ id: z.string(), name });
/** Whose limit: `id` is null for the account. */
const LimitOwner = z.strictObject({
  kind: z.enum(["account", "project", "key"]),
  id: z.string().nullable(),
  name: z.string(),
});
const Actor = z.strictObject({
  kind: z
    .enum(["person", "management_key", "operator", "service"])
    .describe("`service` is GitHub's secret scanning."),
  name: z.string(),
});
const EventKey = z.strictObject({
  kind: z.enum(["model", "management"]).describe("What the key is for."),
  id: z.string(),
  name,
  project: z.string().nullable().describe("Null for a management key."),
});
const KeyEvent = z.strictObject({ key: EventKey, actor: Actor });
const MemberEvent = z.strictObject({
  member: z.string().describe("The name of a person, or the addresses of invitations."),
  actor: Actor,
  role: z
    .strictObject({ before: z.string().nullable(), after: z.string().nullable() })
    .nullable()
    .describe("Null where the event does not say it."),
});
const ModelEvent = z.strictObject({
  model: z.string(),
  on: day.describe("The first day, in UTC."),
  message: z.string(),
});

/** The data of each event. Strict: a field that is not listed, such as content, is an error. */
export const EVENT_DATA = {
  "balance.low": z.strictObject({ balance: credits, threshold: credits }),
  "balance.exhausted": z.strictObject({ balance: credits }),
  "limit.threshold": z.strictObject({
    owner: LimitOwner,
    window: z.enum(["day", "week", "month", "total"]),
    percent: z.union([z.literal(50), z.literal(80), z.literal(100)]),
    limit: credits,
    charged: credits,
    resets_at: time.nullable().describe("Null for a limit in total."),
  }),
  "limits.changed": z.strictObject({
    owner: LimitOwner,
    actor: Actor,
    changes: z.array(
      z.strictObject({
        name: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
      }),
    ),
  }),
  "spend.spike": z.strictObject({
    project: Named,
    hour: time.describe("Its first instant."),
    charged: credits,
    usual: credits.describe("The median of the same hour on up to 14 days before."),
  }),
  "payment.credited": z.strictObject({
    payment: z.string(),
    method: z.enum(["card", "crypto"]),
    automatic: z.boolean().describe("Whether automatic top-up paid."),
    amount: credits.describe("What was added to the balance."),
    fee: credits.describe("Paid in addition to the amount."),
  }),
  "payment.failed": z.strictObject({
    automatic: z.literal(true),
    reason: z.string(),
  }),
  "payment.refunded": z.strictObject({
    payment: z.string(),
    refund: z.string(),
    change: credits.describe(
      "The change of the balance: negative for a refund, positive for one that did not reach the buyer.",
    ),
  }),
  "payment.disputed": z.strictObject({
    payment: z.string(),
    dispute: z.string(),
    change: credits.describe(
      "The change of the balance: negative when the amount is withdrawn, positive when it is reinstated.",
    ),
  }),
  "key.created": KeyEvent,
  "key.rotated": KeyEvent,
  "key.revoked": KeyEvent,
  "key.leaked": KeyEvent.extend({
    seen_at: z.string().nullable().describe("The public address that GitHub reported."),
  }),
  "member.invited": MemberEvent,
  "member.joined": MemberEvent,
  "member.role_changed": MemberEvent,
  "member.removed": MemberEvent,
  "model.retiring": ModelEvent.extend({
    replaced_by: z.string().nullable(),
  }),
  "model.price_raised": ModelEvent,
  "test.ping": z.strictObject({ endpoint: z.string() }),
} as const satisfies Record<WebhookEventType | "test.ping", z.ZodType>;

export type EventName = keyof typeof EVENT_DATA;
export type EventData<T extends EventName> = z.infer<(typeof EVENT_DATA)[T]>;

/** What every event has; the body of a delivery is this as JSON. */
const envelope = {
  account: z.string().describe("The account's id."),
  timestamp: time.describe("When it happened, in UTC."),
};

/** The complete schema of one event. */
export const eventSchema = (type: EventName) =>
  z.strictObject({ type: z.literal(type), ...envelope, data: EVENT_DATA[type] });

/** The body of an event as it is sent in every attempt. Throws for data that its schema does not list. */
export function eventBody<T extends EventName>(event: {
  type: T;
  accountId: string;
  at: Date;
  data: EventData<T>;
}): string {
  const { type, accountId: account, at, data } = event;
  const body = { type, account, timestamp: at.toISOString(), data };
  return JSON.stringify(eventSchema(type).parse(body));
}

const EVENT_NAMES = [...WebhookEventType.options, "test.ping"] as const;

/** The JSON Schema (2020-12) of each event, by its type. */
export const eventJsonSchemas = (): Record<string, unknown> =>
  Object.fromEntries(EVENT_NAMES.map((type) => [type, z.toJSONSchema(eventSchema(type))]));
