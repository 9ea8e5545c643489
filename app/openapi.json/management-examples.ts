import { usageRow } from "./examples";

/** Examples of the management API. Ids and figures are made up. */
const noLimits = {
  credits_per_day: null,
  credits_per_week: null,
  credits_per_month: null,
  credits_total: null,
  max_request_cost: null,
  requests_per_minute: null,
  tokens_per_minute: null,
};
const limits = { ...noLimits, credits_per_month: "20.000000000", requests_per_minute: 60 };
const target = { id: usageRow.key, name: "zendesk-sync", project: usageRow.project };

export const limitsBody = { credits_per_month: "20.00", requests_per_minute: 60 };
export const newKeyBody = { name: "zendesk-sync", limits: { credits_per_month: "20.00" } };

const key = {
  id: usageRow.key,
  name: "zendesk-sync",
  project: usageRow.project,
  status: "active",
  preview: "sk-onekey-Ab3d…x9Qz",
  created_at: "2026-11-24T09:00:00.000Z",
  created_by: "deploy-bot",
  expires_at: null,
  last_used_on: "2026-11-24",
  old_secrets: [],
  models: null,
  addresses: null,
  limits: { ...noLimits, credits_per_month: "20.000000000" },
};
const secret = `sk-onekey-${"0".repeat(49)}`;

const webhook = {
  id: "whe_7Wd2Kq9Xm4",
  url: "https://hooks.example.com/onekey",
  events: ["balance.low", "key.created"],
  status: "active",
  disabled_reason: null,
  created_at: "2026-11-20T08:00:00.000Z",
  created_by: "deploy-bot",
  active_since: "2026-11-20T08:00:00.000Z",
  last_accepted_at: "2026-11-24T09:00:02.000Z",
};
const attempt = { at: "2026-11-24T09:00:01.000Z", status: 204, problem: null, latency_ms: 41 };

/** One object of each name of the document. */
export const managementExamples = {
  Limits: limits,
  Project: {
    id: usageRow.project,
    name: "Support",
    created_at: "2026-11-03T08:15:00.000Z",
    limits,
    models: null,
    addresses: ["203.0.113.0/24"],
    origins: ["https://app.example.com"],
  },
  Key: key,
  Member: {
    id: "usr_4Kd9Xw2Vb7",
    name: "Jonas Weber",
    email: "jonas@example.com",
    role: "admin",
    joined_at: "2026-10-27T10:05:00.000Z",
    invited_by: "Mira Lindqvist",
    last_active_on: "2026-11-24",
  },
  Invitation: {
    id: "inv_8Zq3Nf6Lt1",
    email: "sam@example.com",
    role: "developer",
    status: "pending",
    invited_by: "deploy-bot",
    created_at: "2026-11-24T14:20:00.000Z",
    expires_at: "2026-12-01T14:20:00.000Z",
  },
  NewKey: { ...key, last_used_on: null, secret },
  Credits: {
    credits: "87.931248000",
    credits_nano: 87_931_248_000,
    held: "0.000000000",
    held_nano: 0,
    free_requests: 0,
  },
  LedgerEntry: {
    id: "pi_3Qx7Zk2eZvKYlo2C",
    sequence: 4,
    kind: "purchase",
    amount: "50.000000000",
    amount_nano: 50_000_000_000,
    at: "2026-11-20T16:04:11.000Z",
    reason: null,
  },
  UsageSummary: {
    day: "2026-11-24",
    project: usageRow.project,
    model: usageRow.model,
    ended_by: "complete",
    requests: 31,
    cost: "0.002728000",
    cost_nano: 2_728_000,
    tokens: { ...usageRow.tokens, input: 434, output: 186 },
  },
  UsageRow: usageRow,
  Webhook: webhook,
  NewWebhook: { ...webhook, last_accepted_at: null, secret: `whsec_${"0".repeat(43)}=` },
  DeliveryAttempt: attempt,
  WebhookDelivery: {
    id: "msg_k3Jx9Qv2Tn7Rb5Wc8Zp1Ad",
    webhook: webhook.id,
    type: "key.created",
    state: "delivered",
    created_at: "2026-11-24T09:00:01.000Z",
    next_attempt_at: null,
    attempt_count: 1,
    attempts: [attempt],
    payload: '{"type":"key.created","timestamp":"2026-11-24T09:00:00.000Z","data":{}}',
  },
  AuditEntry: {
    id: "aud_5Tn8Wq1Lc7",
    at: "2026-11-24T09:00:00.000Z",
    actor: { kind: "management_key", id: "mgk_2Rb6Yp4Hs9", name: "deploy-bot" },
    type: "limits.changed",
    target,
    changes: [{ name: "creditsPerMonth", before: null, after: "20.00" }],
    address: "203.0.113.7",
    client: "curl/8.11",
  },
};
