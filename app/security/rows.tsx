import type { StoredRow } from "@/components/site/stored-table";
import { STORED_DAYS } from "@/lib/stored/schema";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { built } from "./facts";

const code = (text: string) => <code className="font-mono text-sm">{text}</code>;

/** What is stored, what never is, and the file that shows it. */
export const storedRows: StoredRow[] = [
  {
    topic: "Each request",
    stored: `Time, model, provider, endpoint, project, token counts, cost, latency, stream, status, how it ended. ${RETENTION_DAYS} days.`,
    never: "Prompts, system prompts, answers, tool calls and definitions, images, files, bodies in any form.",
    file: "lib/usage/schema.ts",
    proof: "It has no field that could take content.",
  },
  {
    topic: "Each day",
    stored:
      "Per project and model: number of requests, tokens, cost, how they ended. Kept with the ledger, to redo it.",
    never: "A single request, once its row has expired.",
    file: "lib/usage/roll-up.ts",
    proof: "Sums of the rows above.",
  },
  {
    topic: "Logs and errors",
    stored: "The request’s id, model, status, cost, and the kind of an error.",
    never: "The provider’s message body, which may quote your prompt. Headers and keys.",
    file: "lib/log.ts",
    proof: "Log calls take named fields, no free text.",
  },
  {
    topic: "Your key",
    stored: <>An HMAC-SHA-256 digest and a preview, {code("sk-onekey-7Qm2…")}</>,
    never: "The key. It is shown once, when it is made.",
    file: "lib/accounts/schema.ts",
    proof: "projects.key.digest",
  },
  {
    topic: "You",
    stored: "Email, name, picture, account id, projects and their limits.",
    never: "Passwords. There are none.",
    file: "lib/accounts/schema.ts",
    proof: "The whole account is one document of this shape.",
  },
  {
    topic: "Responses that a provider keeps for you",
    stored: `The provider’s ids of them, as HMACs, with your account, so that nobody else can fetch them. ${STORED_DAYS} days.`,
    never: "The responses. They are at the provider, unless you send store: false.",
    file: "lib/stored/schema.ts",
    proof: "Purged by a TTL index.",
  },
  {
    topic: "The ledger",
    stored: "Amount, time, kind and source of what came in and went out.",
    never: "Card numbers and wallet keys.",
    file: "lib/ledger/schema.ts",
    proof: "Kept with the account.",
  },
  ...(built.signIn
    ? [
        {
          topic: "Sessions",
          stored: "SHA-256 of the token. 7 days.",
          never: "The token itself.",
          file: "lib/sessions/schema.ts",
          proof: "Purged by a TTL index.",
        },
      ]
    : []),
  ...(built.cards
    ? [
        {
          topic: "Card payments",
          stored: "Amount, time, Stripe ids.",
          never: "Card numbers. Stripe holds them.",
          file: "lib/ledger/post.ts",
        },
      ]
    : []),
  ...(built.crypto
    ? [
        {
          topic: "Crypto payments",
          stored: "Transaction hash, chain, token, amount, wallet address.",
          never: "Wallet keys. You sign in your own wallet.",
          file: "lib/wallets/schema.ts",
        },
      ]
    : []),
  ...(built.assistant
    ? [
        {
          topic: "Assistant",
          stored: "Nothing.",
          never: "Conversations. They live in your browser tab.",
          file: "lib/assistant/tools.ts",
          proof: "No collection exists.",
        },
      ]
    : []),
];

/** The example row: 847 × $3.00 / 1M + 1,203 × $15.00 / 1M = $0.020586. */
export const record = [
  { field: "Timestamp", example: code("2026-02-17T14:32:01Z") },
  { field: "Model", example: code("claude-sonnet-4-5-20250929") },
  { field: "Input tokens", example: "847" },
  { field: "Output tokens", example: "1,203" },
  {
    field: "Credit cost",
    example: (
      <>
        0.020586 <span className="text-muted">= 847 × $3.00 / 1M + 1,203 × $15.00 / 1M</span>
      </>
    ),
  },
  { field: "User id", example: code("usr_a1b2c3") },
  { field: "Latency", example: "2.4 s" },
  { field: "Stream", example: "true" },
];

export const policies = [
  { provider: "OpenAI", trains: "No", policy: "Enterprise privacy", href: "https://openai.com/enterprise-privacy/" },
  { provider: "Anthropic", trains: "No", policy: "Privacy policy", href: "https://www.anthropic.com/legal/privacy" },
  {
    provider: "Google (Gemini API)",
    trains: "No (paid API)",
    policy: "Gemini API terms",
    href: "https://ai.google.dev/gemini-api/terms",
  },
  {
    provider: "xAI",
    trains: "No (default)",
    policy: "API terms",
    href: "https://x.ai/legal/terms-of-service-enterprise",
  },
];
