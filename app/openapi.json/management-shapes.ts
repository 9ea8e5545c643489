import { z } from "zod";
import { AuditActor, AuditEntry, AuditType } from "@/lib/audit-log/schema";
import { LedgerEntry } from "@/lib/ledger/schema";
import { InvitedRole, Role } from "@/lib/teams/schema";
import { EndedBy } from "@/lib/usage/schema";
import { DeliveryProblem, DeliveryState } from "@/lib/webhook-deliveries/schema";
import { DisabledReason, WebhookEventType } from "@/lib/webhook-endpoints/schema";
import { tokenCounts } from "./token-counts";

const credits = z.string().regex(/^-?\d+\.\d{9}$/);
const amount = credits.nullable();
const moment = z.iso.datetime();
const day = z.iso.date();
const lists = {
  models: z
    .array(z.string())
    .nullable()
    .describe("Canonical ids of the only models that may be called; null for no list."),
  addresses: z
    .array(z.string())
    .nullable()
    .describe("The only client addresses, as ranges in CIDR form; null for no list."),
};

const AccountLimits = z.object({
  credits_per_day: amount.describe("Credits of a UTC day, with nine places; null for no limit."),
  credits_per_week: amount.describe("Credits of a week from Monday, in UTC; null for no limit."),
  credits_per_month: amount.describe("Credits of a calendar month, in UTC; null for no limit."),
  credits_total: amount.describe("Credits in total, never reset; null for no limit."),
  max_request_cost: amount.describe("Maximum cost of one request, in credits; null for no limit."),
  requests_per_minute: z.int().nullable().describe("Requests a minute; null for no limit."),
  tokens_per_minute: z
    .int()
    .nullable()
    .describe("Tokens a minute, input and output together; null for no limit."),
});

const ManagedKey = z.object({
  id: z.string().describe("Id of the key, `key_…`. It stays when the key is rotated."),
  name: z.string().describe("Name of the key."),
  project: z.string().describe("Id of the project that the key belongs to, `prj_…`."),
  status: z.enum(["active", "revoked", "expired"]).describe("Whether the key works."),
  preview: z.string().nullable().describe("Beginning and end of the newest secret."),
  created_at: moment.describe("When the key was created, in UTC."),
  created_by: z
    .string()
    .nullable()
    .describe("Name of the person or management key that created it; null if unknown."),
  expires_at: moment.nullable().describe("When the key stops working, in UTC; null for never."),
  last_used_on: day.nullable().describe("The UTC day of the last use; null before the first."),
  old_secrets: z
    .array(z.object({ preview: z.string(), ends_at: moment.nullable() }))
    .describe("Secrets from before a rotation that still work, by `preview` and `ends_at`."),
  ...lists,
  limits: AccountLimits.describe("Limits of the key."),
});

const Webhook = z.object({
  id: z.string().describe("Id of the endpoint, `whe_…`."),
  url: z.string().describe("Where events are posted."),
  events: z.array(WebhookEventType).describe("The types of the events that are posted."),
  status: z.enum(["active", "disabled"]).describe("Whether events are posted."),
  disabled_reason: DisabledReason.nullable().describe(
    "Why it is disabled: nothing was accepted for 3 days, or it responded 410.",
  ),
  created_at: moment.describe("When the endpoint was added, in UTC."),
  created_by: z.string().describe("Name of the person or management key that added it."),
  active_since: moment.describe("Since when: what happened before is not posted to it."),
  last_accepted_at: moment.nullable().describe("When it last responded with a 2xx, in UTC."),
});

const Attempt = z.object({
  at: moment.describe("When the attempt began, in UTC."),
  status: z.int().nullable().describe("Status of the response; null where there was none."),
  problem: DeliveryProblem.nullable().describe("Why there was no response, or null."),
  latency_ms: z.int().describe("Milliseconds until the response's headers, or the problem."),
});

/** The objects of the management API, by name. */
export const managementShapes = {
  Limits: AccountLimits,
  Project: z.object({
    id: z.string().describe("Id of the project, `prj_…`."),
    name: z.string().describe("Name of the project."),
    created_at: moment.describe("When the project was created, in UTC."),
    limits: AccountLimits.describe("Limits of the project, over all its keys."),
    ...lists,
    origins: z
      .array(z.string())
      .nullable()
      .describe("The only websites whose scripts may use the keys, as origins; null for no list."),
  }),
  Key: ManagedKey,
  NewKey: ManagedKey.extend({
    secret: z
      .string()
      .regex(/^sk-onekey-\w{49}$/)
      .describe("The secret. It is only in this response: keep it now."),
  }),
  Member: z.object({
    id: z.string().describe("Id of the person, `usr_…`, the same in every account."),
    name: z.string().describe("Name of the person, or empty."),
    email: z.string().describe("Address of the person."),
    role: Role.describe("What the person may do in this account."),
    joined_at: moment.describe("When the person joined, in UTC."),
    invited_by: z
      .string()
      .nullable()
      .describe("Name of who invited the person; null for who created the account."),
    last_active_on: day
      .nullable()
      .describe("The UTC day of the last page that was opened; null before the first."),
  }),
  Invitation: z.object({
    id: z.string().describe("Id of the invitation, `inv_…`."),
    email: z.string().describe("The invited address; only its owner can accept."),
    role: InvitedRole.describe("The role that it gives."),
    status: z.enum(["pending", "expired"]).describe("Whether it can be accepted."),
    invited_by: z.string().describe("Name of the person or management key that invited."),
    created_at: moment.describe("When it was sent, in UTC."),
    expires_at: moment.describe("When it stops working, in UTC."),
  }),
  LedgerEntry: z.object({
    id: z.string().describe("Id of the payment, refund, dispute, grant or transfer."),
    sequence: z.int().describe("Number of the entry in the account's ledger, from 1."),
    kind: LedgerEntry.shape.kind.describe("What the entry is."),
    amount: credits.describe("Credits that were added; negative for what was taken."),
    amount_nano: z.int().describe("The same amount in nano-credits (10⁻⁹ credits)."),
    at: moment.describe("When the entry was made, in UTC."),
    reason: z.string().nullable().describe("The reason of a grant, or null."),
  }),
  UsageSummary: z.object({
    day: day.describe("The UTC day."),
    project: z.string().describe("Id of the project, `prj_…`."),
    model: z.string().describe("Id of the model in the catalog."),
    ended_by: EndedBy.describe("How the requests ended."),
    requests: z.int().describe("Number of requests."),
    cost: credits.describe("What they cost together, in credits."),
    cost_nano: z.int().describe("The same amount in nano-credits."),
    tokens: tokenCounts,
  }),
  Webhook,
  NewWebhook: Webhook.extend({
    secret: z
      .string()
      .startsWith("whsec_")
      .describe("The signing secret. It is only in this response: keep it now."),
  }),
  DeliveryAttempt: Attempt,
  WebhookDelivery: z.object({
    id: z.string().describe("The `webhook-id` of the event at this endpoint."),
    webhook: z.string().describe("Id of the endpoint."),
    type: z.string().describe("Type of the event."),
    state: DeliveryState.describe("Whether it was accepted, or will be tried again."),
    created_at: moment.describe("When the event was recorded, in UTC."),
    next_attempt_at: moment.nullable().describe("When it is tried next; null for never."),
    attempt_count: z.int().describe("How many attempts were made."),
    attempts: z.array(Attempt).describe("The latest attempts, at most 20, oldest first."),
    payload: z.string().describe("The body that is posted, as JSON."),
  }),
  AuditEntry: z.object({
    id: z.string().describe("Id of the entry."),
    at: moment.describe("When the change was made, in UTC."),
    actor: z
      .object({
        kind: AuditActor.shape.kind.describe("Who it is."),
        id: z.string().nullable().describe("Id of the account or management key, or null."),
        name: z.string().describe("Name at that time."),
        role: z.string().optional().describe("Role of a person at that time, if it is known."),
      })
      .describe("Who made the change."),
    type: AuditType.describe("What was done, as noun.verb."),
    target: z
      .object({ id: z.string(), name: z.string(), project: z.string().nullable() })
      .nullable()
      .describe("What it was done to: id, name and project; null for the account."),
    changes: AuditEntry.shape.changes.describe(
      "What changed: the name of a setting, and its text before and after.",
    ),
    address: z.string().describe("Network address of the client, or empty."),
    client: z.string().describe("Browser or program of the client, or empty."),
  }),
  ManagementError: z.object({
    error: z.object({
      code: z.string().describe("Code of the error."),
      message: z.string().describe("What happened and what to do."),
      param: z.string().nullable().describe("The field or parameter that is wrong, if one is."),
    }),
  }),
} satisfies Record<string, z.ZodType>;
