import type { Account } from "@/lib/accounts/schema";
import type { AuditEntry } from "@/lib/audit-log/schema";
import type { LedgerEntry } from "@/lib/ledger/schema";
import type { LimitAlert } from "@/lib/limit-alerts/schema";
import {
  auditEvents,
  catalogEvent,
  exhaustedBalanceEvent,
  ledgerEvent,
  lowBalanceEvent,
  spikeEvent,
  stoppedTopUpEvent,
  thresholdEvent,
  type WebhookEvent,
} from "../build-events";

const CREDIT = 1_000_000_000;
const accountId = "usr_4f7Kq2ZbN8xT1mVw9cRp3L";
const at = new Date("2026-11-24T14:31:40.000Z");

const account = (credits: number): Account => ({
  _id: accountId,
  email: "mira@example.com",
  name: "Mira Lindqvist",
  createdAt: at,
  seq: 4,
  credits,
  posted: 120 * CREDIT,
  charged: 120 * CREDIT - credits,
  free: { requests: 0, credits: 0 },
  projects: [],
  caps: [],
  holds: [],
  topUp: {
    on: false,
    threshold: 10 * CREDIT,
    amount: 50 * CREDIT,
    monthlyMax: 200 * CREDIT,
    month: { at: 0, charged: 0 },
    stopped: { at, reason: "The card has expired." },
  },
});

const entry = (details: Partial<LedgerEntry>): LedgerEntry => ({
  _id: "pi_3TfQ8sKx1mN0aB2c",
  accountId,
  seq: 5,
  kind: "purchase",
  amount: 50 * CREDIT,
  at,
  applied: true,
  ...details,
});
const payment = "pi_3TfQ8sKx1mN0aB2c";

const alert = { accountId, at, isSent: true };
const threshold: Extract<LimitAlert, { kind: "threshold" }> = {
  ...alert,
  _id: `${accountId}/prj_4tN8wZ2c/day/1795478400000/80`,
  kind: "threshold",
  scope: "project",
  name: "Support bot",
  window: "day",
  percent: 80,
  limit: 5 * CREDIT,
  used: 4.03125 * CREDIT,
};
const spike: Extract<LimitAlert, { kind: "spike" }> = {
  ...alert,
  _id: `${accountId}/prj_4tN8wZ2c/spike/2026-11-24`,
  kind: "spike",
  name: "Support bot",
  hour: new Date("2026-11-24T14:00:00.000Z"),
  used: 6.4 * CREDIT,
  usual: 0.82 * CREDIT,
};

const audit = (details: Partial<AuditEntry>): AuditEntry => ({
  _id: "aud_7Rk2Wm9QxZ4tB1nV8cLp5D",
  accountId,
  at,
  actor: { kind: "person", id: accountId, name: "Mira Lindqvist" },
  type: "key.created",
  target: { id: "key_9mW3bX7q", name: "production", projectId: "prj_4tN8wZ2c" },
  changes: [],
  address: "203.0.113.24",
  client: "Firefox on Linux",
  done: true,
  ...details,
});

const notice = { accountId, model: "gpt-6-sol", on: "2026-12-15" };

/** One event of each type, built as the server builds them from its records. */
export const sampleEvents: WebhookEvent[] = [
  lowBalanceEvent(account(8.4 * CREDIT), 10 * CREDIT, at),
  exhaustedBalanceEvent(account(0.0312 * CREDIT), at),
  thresholdEvent(threshold, "prj_4tN8wZ2c"),
  ...auditEvents(
    audit({
      type: "limits.changed",
      target: { id: "prj_4tN8wZ2c", name: "Support bot", projectId: "prj_4tN8wZ2c" },
      changes: [{ name: "Credits a day", before: null, after: "5.000000000" }],
    }),
  ),
  spikeEvent(spike, "prj_4tN8wZ2c"),
  ledgerEvent(entry({ fee: 2.5 * CREDIT, stripe: { paymentIntent: payment } })),
  stoppedTopUpEvent(account(8.4 * CREDIT)),
  ledgerEvent(
    entry({
      _id: "re_3TfQ8sKx1mN0",
      kind: "refund",
      amount: -20 * CREDIT,
      of: payment,
      stripe: { paymentIntent: payment, refund: "re_3TfQ8sKx1mN0" },
    }),
  ),
  ledgerEvent(
    entry({
      _id: "du_1TfQ9:withdrawn",
      kind: "dispute",
      amount: -50 * CREDIT,
      of: payment,
      stripe: { paymentIntent: payment, dispute: "du_1TfQ9" },
    }),
  ),
  ...auditEvents(audit({})),
  ...auditEvents(audit({ type: "key.rotated" })),
  ...auditEvents(audit({ type: "key.revoked" })),
  ...auditEvents(
    audit({
      type: "key.revoked",
      actor: { kind: "service", id: "github", name: "GitHub secret scanning" },
      changes: [
        {
          name: "Seen at",
          before: null,
          after: "https://github.com/example/app/blob/main/.env",
        },
      ],
    }),
  ).filter(({ type }) => type === "key.leaked"),
  ...auditEvents(
    audit({
      type: "member.invited",
      target: { id: "inv_6Tk1", name: "jonas@example.com" },
      changes: [{ name: "Role", before: null, after: "developer" }],
    }),
  ),
  ...auditEvents(
    audit({
      type: "member.joined",
      actor: { kind: "person", id: "usr_2", name: "Jonas Weber" },
      target: undefined,
      changes: [{ name: "Role", before: null, after: "developer" }],
    }),
  ),
  ...auditEvents(
    audit({
      type: "member.role_changed",
      target: { id: "usr_2", name: "Jonas Weber" },
      changes: [{ name: "Role", before: "developer", after: "admin" }],
    }),
  ),
  ...auditEvents(
    audit({
      type: "member.removed",
      target: { id: "usr_2", name: "Jonas Weber" },
      changes: [{ name: "Role", before: "admin", after: null }],
    }),
  ),
  catalogEvent(
    {
      ...notice,
      kind: "retires",
      text: "GPT-6 Sol ends on 15 Dec 2026. Requests for it get a 404 from then on. Send gpt-6.2-sol instead.",
    },
    "gpt-6.2-sol",
    at,
  ),
  catalogEvent(
    {
      ...notice,
      kind: "price",
      model: "gpt-6-luna",
      text: "GPT-6 Luna costs more from 15 Dec 2026: for a million tokens, input $0.10 to $0.10, output $0.50 to $0.60.",
    },
    undefined,
    at,
  ),
  {
    type: "test.ping" as const,
    accountId,
    source: "",
    at,
    data: { endpoint: "whe_5Xq8Lm2VtR7wK3nB9cZp1H" },
  },
].filter((event) => event !== null);
