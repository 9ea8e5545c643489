import { endOfWindow } from "@/lib/accounts/windows";
import { ACCOUNT_SCOPE, balanceOf, type Account } from "@/lib/accounts/schema";
import type { AuditEntry, AuditType } from "@/lib/audit-log/schema";
import { noticeId, type CatalogNotice } from "@/lib/catalog/notices/schema";
import type { LedgerEntry } from "@/lib/ledger/schema";
import type { LimitAlert } from "@/lib/limit-alerts/schema";
import { formatCredits } from "@/lib/money";
import type { WebhookEventType } from "@/lib/webhook-endpoints/schema";
import type { EventData, EventName } from "./event-schemas";

/** Something that happened to an account. `source` names it once, so that it is the same event however often it is recorded. */
export type WebhookEvent = {
  [T in EventName]: {
    type: T;
    accountId: string;
    source: string;
    at: Date;
    data: EventData<T>;
  };
}[EventName];

/** The balance fell below the owner's threshold. Only a ledger entry raises a balance, so `seq` distinguishes crossings. */
export function lowBalanceEvent(account: Account, threshold: number, at: Date): WebhookEvent {
  const { _id: accountId, seq } = account;
  return {
    type: "balance.low",
    accountId,
    source: `${accountId}/${threshold}/${seq}`,
    at,
    data: {
      balance: formatCredits(balanceOf(account)),
      threshold: formatCredits(threshold),
    },
  };
}

/** A request was refused because it did not fit into what is left; once until credits are added. */
export function exhaustedBalanceEvent(account: Account, at: Date): WebhookEvent {
  const { _id: accountId, seq } = account;
  return {
    type: "balance.exhausted",
    accountId,
    source: `${accountId}/${seq}`,
    at,
    data: { balance: formatCredits(balanceOf(account)) },
  };
}

/** `scope` is the id of the project or key, or ACCOUNT_SCOPE. Null for a limit of requests or tokens. */
export function thresholdEvent(
  alert: Extract<LimitAlert, { kind: "threshold" }>,
  scope: string,
): WebhookEvent | null {
  const { _id: source, accountId, at, window, percent } = alert;
  if (window === "requests" || window === "tokens") return null;
  const end = endOfWindow(window, at.getTime());
  return {
    type: "limit.threshold",
    accountId,
    source,
    at,
    data: {
      owner: {
        kind: alert.scope,
        id: scope === ACCOUNT_SCOPE ? null : scope,
        name: alert.name,
      },
      window,
      percent,
      limit: formatCredits(alert.limit),
      charged: formatCredits(alert.used),
      resets_at: end === null ? null : new Date(end).toISOString(),
    },
  };
}

export function spikeEvent(
  alert: Extract<LimitAlert, { kind: "spike" }>,
  projectId: string,
): WebhookEvent {
  const { _id: source, accountId, at, name, hour, used: charged, usual } = alert;
  return {
    type: "spend.spike",
    accountId,
    source,
    at,
    data: {
      project: { id: projectId, name },
      hour: hour.toISOString(),
      charged: formatCredits(charged),
      usual: formatCredits(usual),
    },
  };
}

/** A purchase, refund or dispute in the ledger; null for other entries. */
export function ledgerEvent(entry: LedgerEntry): WebhookEvent | null {
  const { _id: source, accountId, at, kind, amount, fee = 0, stripe, of: payment = "" } = entry;
  const common = { accountId, source, at };
  const change = formatCredits(amount);
  switch (kind) {
    case "purchase":
      return {
        ...common,
        type: "payment.credited",
        data: {
          payment: source,
          method: stripe ? "card" : "crypto",
          automatic: stripe?.automatic ?? false,
          amount: change,
          fee: formatCredits(fee),
        },
      };
    case "refund":
      return {
        ...common,
        type: "payment.refunded",
        data: { payment, refund: stripe?.refund ?? source, change },
      };
    case "dispute":
      return {
        ...common,
        type: "payment.disputed",
        data: { payment, dispute: stripe?.dispute ?? source, change },
      };
    case "grant":
    case "debt":
      return null;
    default:
      return kind satisfies never;
  }
}

/** Automatic top-up turned itself off; null where it did not. */
export function stoppedTopUpEvent({ _id: accountId, topUp }: Account): WebhookEvent | null {
  if (!topUp?.stopped) return null;
  const { at, reason } = topUp.stopped;
  return {
    type: "payment.failed",
    accountId,
    source: `${accountId}/${at.toISOString()}`,
    at,
    data: { automatic: true, reason },
  };
}

/** A model that the account used ends or costs more. */
export function catalogEvent(
  notice: Pick<CatalogNotice, "accountId" | "kind" | "model" | "on" | "text">,
  replacedBy: string | undefined,
  at: Date,
): WebhookEvent {
  const { accountId, kind, model, on, text: message } = notice;
  const common = { accountId, source: noticeId(notice), at };
  return kind === "retires"
    ? {
        ...common,
        type: "model.retiring",
        data: { model, on, message, replaced_by: replacedBy ?? null },
      }
    : { ...common, type: "model.price_raised", data: { model, on, message } };
}

const KEY_EVENTS = {
  "key.created": "key.created",
  "key.rotated": "key.rotated",
  "key.revoked": "key.revoked",
  "management_key.created": "key.created",
  "management_key.rotated": "key.rotated",
  "management_key.revoked": "key.revoked",
} as const satisfies Partial<Record<AuditType, WebhookEventType>>;

const MEMBER_EVENTS = {
  "member.invited": "member.invited",
  "member.joined": "member.joined",
  "member.role_changed": "member.role_changed",
  "member.removed": "member.removed",
  "member.left": "member.removed",
} as const satisfies Partial<Record<AuditType, WebhookEventType>>;

/** The entries of the audit log that are events too. */
export const EVENT_AUDIT_TYPES: AuditType[] = [
  ...(Object.keys(KEY_EVENTS) as (keyof typeof KEY_EVENTS)[]),
  ...(Object.keys(MEMBER_EVENTS) as (keyof typeof MEMBER_EVENTS)[]),
  "limits.changed",
];

/** The events that an entry of the audit log stands for: none, one, or two for a key that was revoked because it leaked. */
export function auditEvents(entry: AuditEntry): WebhookEvent[] {
  const { _id: source, accountId, at, actor, target, changes } = entry;
  const common = { accountId, source, at };
  const author = { kind: actor.kind, name: actor.name };
  if (entry.type === "limits.changed") {
    const kind =
      target === undefined ? "account" : target.id.startsWith("key_") ? "key" : "project";
    const owner = { kind, id: target?.id ?? null, name: target?.name ?? "" } as const;
    return [{ ...common, type: "limits.changed", data: { owner, actor: author, changes } }];
  }
  const memberType = MEMBER_EVENTS[entry.type as keyof typeof MEMBER_EVENTS];
  if (memberType !== undefined) {
    const change = changes.find(({ name }) => name === "Role");
    const role = change ? { before: change.before, after: change.after } : null;
    const data = { member: target?.name ?? actor.name, actor: author, role };
    return [{ ...common, type: memberType, data }];
  }
  const type = KEY_EVENTS[entry.type as keyof typeof KEY_EVENTS];
  if (type === undefined || target === undefined) return [];
  const kind = entry.type.startsWith("management_") ? "management" : "model";
  const key = {
    kind,
    id: target.id,
    name: target.name,
    project: target.projectId ?? null,
  } as const;
  const event = { ...common, type, data: { key, actor: author } };
  if (type !== "key.revoked" || actor.kind !== "service") return [event];
  const seenAt = changes.find(({ name }) => name === SEEN_AT)?.after ?? null;
  return [event, { ...common, type: "key.leaked", data: { key, actor: author, seen_at: seenAt } }];
}

/** The detail by which an entry says where a leaked key was. */
export const SEEN_AT = "Seen at";
