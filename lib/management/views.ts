import type { Account, Limits, Project } from "@/lib/accounts/schema";
import type { AuditEntry } from "@/lib/audit-log/schema";
import type { KeyState } from "@/lib/keys/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { formatCredits } from "@/lib/money";
import { isPending, type Invitation, type Member } from "@/lib/teams/schema";
import type { User } from "@/lib/users/schema";
import type { DeliveryAttempt, WebhookDelivery } from "@/lib/webhook-deliveries/schema";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";

const COUNTS = {
  requestsPerMinute: "requests_per_minute",
  tokensPerMinute: "tokens_per_minute",
} as const;
const AMOUNTS = {
  creditsPerDay: "credits_per_day",
  creditsPerWeek: "credits_per_week",
  creditsPerMonth: "credits_per_month",
  creditsTotal: "credits_total",
  maxRequestCost: "max_request_cost",
} as const;

/** Limits as the API gives and takes them: credits as decimal strings, null for none. */
export function limitsView(limits: Limits) {
  return {
    ...Object.fromEntries(
      Object.entries(AMOUNTS).map(([field, name]) => {
        const limit = limits[field as keyof typeof AMOUNTS];
        return [name, limit === undefined ? null : formatCredits(limit)];
      }),
    ),
    ...Object.fromEntries(
      Object.entries(COUNTS).map(([field, name]) => [
        name,
        limits[field as keyof typeof COUNTS] ?? null,
      ]),
    ),
  };
}

export const projectView = ({
  id,
  name,
  createdAt,
  limits,
  models,
  addresses,
  origins,
}: Project) => ({
  id,
  name,
  created_at: createdAt.toISOString(),
  limits: limitsView(limits),
  models: models ?? null,
  addresses: addresses ?? null,
  origins: origins ?? null,
});

export function keyView({ key, live }: KeyState) {
  return {
    id: key._id,
    name: key.name,
    project: key.projectId,
    status: live.length > 0 ? "active" : key.revokedAt ? "revoked" : "expired",
    preview: (live.at(-1) ?? key.secrets.at(-1))?.preview ?? null,
    created_at: key.createdAt.toISOString(),
    created_by: key.creator?.name ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_on: key.lastUsedDay ?? null,
    old_secrets: live.slice(0, -1).map(({ preview, endsAt }) => ({
      preview,
      ends_at: endsAt?.toISOString() ?? null,
    })),
    models: key.models ?? null,
    addresses: key.addresses ?? null,
    limits: limitsView(key.limits ?? {}),
  };
}

export const memberView = ({ member, user }: { member: Member; user: User }) => ({
  id: member.userId,
  name: user.name,
  email: user.email,
  role: member.role,
  joined_at: member.joinedAt.toISOString(),
  invited_by: member.invitedBy?.name ?? null,
  last_active_on: member.lastActiveDay ?? null,
});

export const invitationView = (invitation: Invitation, at: Date) => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  status: isPending(invitation, at) ? "pending" : "expired",
  invited_by: invitation.invitedBy.name,
  created_at: invitation.createdAt.toISOString(),
  expires_at: invitation.expiresAt.toISOString(),
});

export const creditsView = (account: Account, held: number) => ({
  credits: formatCredits(account.credits),
  credits_nano: account.credits,
  held: formatCredits(held),
  held_nano: held,
  free_requests: account.free.requests,
});

export const ledgerView = ({ _id, seq, kind, amount, at, reason }: LedgerEntry) => ({
  id: _id,
  sequence: seq,
  kind,
  amount: formatCredits(amount),
  amount_nano: amount,
  at: at.toISOString(),
  reason: reason ?? null,
});

export const auditView = ({
  _id,
  at,
  actor,
  type,
  target,
  changes,
  address,
  client,
}: AuditEntry) => ({
  id: _id,
  at: at.toISOString(),
  actor,
  type,
  target: target ? { id: target.id, name: target.name, project: target.projectId ?? null } : null,
  changes,
  address,
  client,
});

export const webhookView = (endpoint: WebhookEndpoint) => ({
  id: endpoint._id,
  url: endpoint.url,
  events: endpoint.events,
  status: endpoint.disabled ? ("disabled" as const) : ("active" as const),
  disabled_reason: endpoint.disabled?.reason ?? null,
  created_at: endpoint.createdAt.toISOString(),
  created_by: endpoint.creator.name,
  active_since: endpoint.activeSince.toISOString(),
  last_accepted_at: endpoint.acceptedAt?.toISOString() ?? null,
});

export const attemptView = ({ at, status, problem, latencyMs }: DeliveryAttempt) => ({
  at: at.toISOString(),
  status,
  problem: problem ?? null,
  latency_ms: latencyMs,
});

export const deliveryView = (delivery: WebhookDelivery) => ({
  id: delivery._id,
  webhook: delivery.endpointId,
  type: delivery.type,
  state: delivery.state,
  created_at: delivery.createdAt.toISOString(),
  next_attempt_at: delivery.nextAt?.toISOString() ?? null,
  attempt_count: delivery.attemptCount,
  attempts: delivery.attempts.map(attemptView),
  payload: delivery.payload,
});
