// Longer than 300 lines: one list, which a test compares with the collections and fields that exist.

import type { StoredRow } from "@/components/site/stored-table";
import { DIGESTS_DAYS, type Account } from "@/lib/accounts/schema";
import { AUDIT_DAYS } from "@/lib/audit-log/schema";
import { SAVED_HOURS } from "@/lib/management-keys/schema";
import { DELIVERY_DAYS } from "@/lib/webhook-deliveries/schema";
import { NOTICE_DAYS } from "@/lib/catalog/notices/schema";
import { ALERT_DAYS } from "@/lib/limit-alerts/schema";
import { UNKNOWN_MODEL_DAYS } from "@/lib/catalog/unknown-models/schema";
import { CLOSED_DAYS } from "@/lib/purchases/schema";
import { ENDED_DAYS } from "@/lib/transfers/schema";
import { LINK_MINUTES, SESSION_DAYS } from "@/lib/sessions/schema";
import { STORED_DAYS } from "@/lib/stored-responses/schema";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { builtParts, type DeploymentPart } from "./facts";

interface StoredItem extends Omit<StoredRow, "href"> {
  topic: string;
  /** The collections of the database that it speaks of. */
  collections: string[];
  /** The fields of the account that it speaks of. */
  fields?: (keyof Account)[];
  part?: DeploymentPart;
}

/** Those of parts that are still to come too. */
export const allRows: StoredItem[] = [
  {
    topic: "Each request",
    stored: `Time, model, provider, endpoint, project, token counts, cost, latency, stream, status, how it ended. ${RETENTION_DAYS} days.`,
    never:
      "Prompts, system prompts, answers, tool calls and definitions, images, files, bodies in any form.",
    file: "lib/usage/schema.ts",
    proof: "It has no field that could take content.",
    collections: ["usage"],
  },
  {
    topic: "Each day",
    stored:
      "Per project and model: number of requests, tokens, cost, how they ended. Kept with the ledger, to redo it. By key and endpoint too, with how long requests took, for 90 days, and by hour for 9.",
    never: "A single request, once its row has expired.",
    file: "lib/usage/roll-up.ts",
    proof: "Sums of the rows above.",
    collections: ["days", "rollups", "insightdays", "insighthours"],
  },
  {
    topic: "Logs and errors",
    stored:
      "The ids of request, account and project, model, endpoint, status, cost, latency, and the kind of an error.",
    never: "The provider’s message body, which may quote your prompt. Headers, addresses and keys.",
    file: "lib/log.ts",
    proof: "Log calls take named fields, no free text.",
    collections: [],
  },
  {
    topic: "Your key",
    stored:
      "An HMAC-SHA-256 digest and a preview, sk-onekey-7Qm2…R7Zn, of each of its secrets, a name, who created it, when it expires, of which expiry its creator was warned, which models and addresses it is for, the day of its last use.",
    never: "The key. It is shown once, when it is made.",
    file: "lib/keys/schema.ts",
    proof: "The secrets of a key have a digest, a preview and a time.",
    collections: ["accounts", "keys"],
    fields: ["keys", "heldKeys", "expiries", "rulesVersion"],
  },
  {
    topic: "You",
    stored:
      "Email, former ones, name, profile image’s address, Google’s and GitHub’s id of you where you linked them, which emails you want about each account. Of a change of address: the new one, and hashes of the links that confirm it or take it back.",
    never: "Passwords. There are none.",
    file: "lib/users/schema.ts",
    proof: "The user is one document of this shape.",
    collections: ["users"],
    part: "signIn",
  },
  {
    topic: "Your account",
    stored:
      "Its id, kind, name and address, projects, their limits and what each spends a month, balance, free requests left or why there were none, open holds, how many requests began in the current minute, the limits and what is left of each in its window, the balance alert, which alerts are switched off, whether new projects have exact stream usage, whether you deleted it or the operator suspended it.",
    never: "Who uses it, beyond its user or members.",
    file: "lib/accounts/schema.ts",
    proof: "The account is one document of this shape.",
    collections: ["accounts"],
    fields: [
      ...([
        "_id",
        "email",
        "name",
        "kind",
        "createdAt",
        "projects",
        "holds",
        "minute",
        "limits",
        "caps",
        "alert",
        "mutedAlerts",
        "exactStreamUsage",
      ] as const),
      ...([
        "credits",
        "posted",
        "charged",
        "free",
        "seq",
        "erasedAt",
        "closing",
        "suspendedAt",
        "freeWithheld",
      ] as const),
    ],
  },
  {
    topic: "Teams",
    stored:
      "Who belongs to a team, in which role, since when, invited by whom, and the day of their last visit. Of an invitation: the address, the role, who sent it, and a digest (HMAC-SHA-256) of its link’s token. 7 days, and 30 more.",
    never: "The token of an invitation.",
    file: "lib/teams/schema.ts",
    proof: "Team, Member and Invitation.",
    collections: ["teams"],
  },
  {
    topic: "Management keys",
    stored: `Digest (HMAC-SHA-256) and preview of each secret, a name, scopes, who created it, the day of its last use. Of a write with an Idempotency-Key: the response, encrypted with what only the program has. ${SAVED_HOURS} hours.`,
    never: "The key, and the Idempotency-Key.",
    file: "lib/management-keys/schema.ts",
    proof: "ManagementKey and SavedResponse.",
    collections: ["management_keys", "saved_responses"],
  },
  {
    topic: "Webhooks",
    stored: `Your endpoints’ URLs, their events, who added them, and what their signing secrets are derived from. Of each delivery: the event that was posted, and each attempt’s time, status and latency. ${DELIVERY_DAYS} days.`,
    never:
      "Content of requests, keys, signing secrets, what your server responded beyond the status.",
    file: "lib/webhook-deliveries/schema.ts",
    proof: "An attempt has no field for a body; every event has a strict schema.",
    collections: ["webhook_endpoints", "webhook_deliveries"],
  },
  {
    topic: "Audit log",
    stored: `Who changed what in your account, when, from which network address and browser, and what it was before. ${AUDIT_DAYS} days.`,
    never: "Content of requests, keys beyond their preview, secrets.",
    file: "lib/audit-log/schema.ts",
    proof: "Purged by a TTL index.",
    collections: ["audit_log"],
  },
  {
    topic: "Limit alerts",
    stored: `Which limit of which project or key was mailed about, the amounts and the time. ${ALERT_DAYS} days.`,
    never: "What the requests were.",
    file: "lib/limit-alerts/schema.ts",
    proof: "Purged by a TTL index.",
    collections: ["limit_alerts"],
  },
  {
    topic: "Sessions",
    stored: `SHA-256 of the token, how you signed in, what your browser says it is, and the day of the last use. ${SESSION_DAYS} days.`,
    never: "The token itself.",
    file: "lib/sessions/schema.ts",
    proof: "Purged by a TTL index.",
    collections: ["sessions"],
    part: "signIn",
  },
  {
    topic: "Signing in",
    stored: `A hash of a link’s token with the address that it was sent to, ${LINK_MINUTES} minutes. How often something was tried, under an HMAC of what and by whom.`,
    never: "The token. Your network address in the clear.",
    file: "lib/sessions/schema.ts",
    proof: "SignInLink and Attempts, purged by TTL indexes.",
    collections: ["links", "attempts"],
    part: "signIn",
  },
  {
    topic: "Free requests",
    stored: "An HMAC of who has had them, so that a second account of the same person gets none.",
    never: "The address itself.",
    file: "lib/accounts/free.ts",
    proof: "Outlives the account, for that reason.",
    collections: ["free_grants"],
    part: "signIn",
  },
  {
    topic: "Free requests by day",
    stored:
      "How many accounts got free requests on a day: in total, and under HMACs of the day with each network, email domain and account. Two days.",
    never: "Your network address, or your domain in the clear.",
    file: "lib/accounts/daily-grants.ts",
    proof: "GrantDay, purged by a TTL index.",
    collections: ["grant_days"],
    part: "signIn",
  },
  {
    topic: "A suspended or deleted account",
    stored: `HMACs of the address and of the Google or GitHub id, so that a suspension or a debt is found again when the person comes back. While one is there, and ${DIGESTS_DAYS} days after the deletion where something was paid.`,
    never: "The address or the id itself.",
    file: "lib/accounts/person-digests.ts",
    proof: "forgetPersons takes them away.",
    collections: ["accounts"],
    fields: ["personDigests"],
    part: "signIn",
  },
  {
    topic: "Responses that a provider keeps for you",
    stored: `The provider’s ids of them, as HMACs, with your account, so that nobody else can fetch them. ${STORED_DAYS} days.`,
    never: "The responses. They are at the provider, unless you send store: false.",
    file: "lib/stored-responses/schema.ts",
    proof: "Purged by a TTL index.",
    collections: ["stored"],
  },
  {
    topic: "The ledger",
    stored: "Amount, time, kind and source of what came in and went out.",
    never: "What you used the credits for; that is in the rows above.",
    file: "lib/ledger/schema.ts",
    proof: "Kept with the account.",
    collections: ["ledger"],
  },
  {
    topic: "Card payments",
    stored: `Amount, time, Stripe’s ids, the billing name and address that you gave Stripe, the card’s kind and last four digits, its expiry if you keep it for top-ups, your settings of those. Purchases that were not paid, ${CLOSED_DAYS} days.`,
    never: "Card numbers. Stripe holds them.",
    file: "lib/ledger/schema.ts",
    proof: "StripeDetails",
    collections: ["ledger", "purchases", "accounts"],
    fields: ["stripe", "topUp"],
    part: "cards",
  },
  {
    topic: "Crypto payments",
    stored: `Transaction hash, chain (Base or Ethereum), token (USDC or USDT), amount, wallet address. Transfers that were not credited, ${ENDED_DAYS} days.`,
    never: "Wallet keys. You sign in your own wallet.",
    file: "lib/ledger/schema.ts",
    proof: "ChainDetails, kept with the ledger for payment verification.",
    collections: ["ledger", "transfers", "strays", "wallets", "walletNonces", "cursors"],
    part: "crypto",
  },
  {
    topic: "Assistant",
    stored: "Nothing.",
    never: "Conversations. They live in your browser tab.",
    file: "lib/assistant/tools.ts",
    proof: "No collection exists.",
    collections: [],
    part: "assistant",
  },
  {
    topic: "Playground",
    stored: "Each request leaves a row like any other.",
    never: "What you write, attach and receive. It lives in your browser tab.",
    file: "e2e/browser/playground.spec.ts",
    proof: "A canary is looked for in every document, file and browser storage.",
    collections: [],
  },
  {
    topic: "What the operator does",
    stored:
      "That credits were granted, a payment was assigned, or an account was suspended or that was lifted: when, by whom, which account, how much, why.",
    never: "Anything that was said in a request.",
    file: "lib/operator-actions/schema.ts",
    proof: "It has no field that could take content.",
    collections: ["acts"],
  },
  {
    topic: "The catalog’s changes",
    stored:
      "What the operator changed in the catalog: when, by whom, which models. What the daily comparison with the providers’ own lists found.",
    never: "Anything of yours.",
    file: "lib/catalog/overlays/schema.ts",
    proof: "Models and prices only.",
    collections: ["catalogOverlays", "catalogChecks", "catalogCheckTurns"],
  },
  {
    topic: "Notices about your models",
    stored: `That a model you used ends or costs more and from when, with your account, when you were notified, and when you closed the notice. ${NOTICE_DAYS} days.`,
    never: "What you used the model for.",
    file: "lib/catalog/notices/schema.ts",
    proof: "Purged by a TTL index, and with your account.",
    collections: ["catalogNotices"],
  },
  {
    topic: "Served models that are not in the catalog",
    stored: `Which model a provider says served requests for which other one, and when first and last. ${UNKNOWN_MODEL_DAYS} days.`,
    never: "Whose requests they were, or anything of them.",
    file: "lib/catalog/unknown-models/schema.ts",
    proof: "Ids of models only, no account.",
    collections: ["unknownModels"],
  },
  {
    topic: "Each hour",
    stored:
      "Per provider and model, and per credential of ours: number of requests, how many were answered, how fast. For the status page and the operator, 90 days.",
    never: "Whose requests they were.",
    file: "lib/provider-health/schema.ts",
    proof: "Counts only, no account.",
    collections: ["health", "health_state"],
  },
  {
    topic: "Incidents",
    stored: "What the operator wrote about them, for everyone to read.",
    never: "Anything of yours.",
    file: "lib/incidents/schema.ts",
    proof: "Title, what is affected, updates.",
    collections: ["incidents"],
  },
  {
    topic: "The server processes",
    stored:
      "An id of each, when it was last seen, so that what a dead one held is released, which of our credentials at the providers work, which models are in cooldown there, and when operators were notified of a credential that is rejected.",
    never: "Anything of yours.",
    file: "lib/instances/schema.ts",
    proof: "Its fields are about our own side.",
    collections: ["instances", "channelNotices"],
  },
];

/** What is stored, what never is, and the file that shows it. */
export const storedRows: StoredItem[] = allRows.filter(
  ({ part }) => part === undefined || builtParts[part],
);

/** The files that the rows name. */
export const storedFiles: string[] = allRows.map(({ file }) => file);
