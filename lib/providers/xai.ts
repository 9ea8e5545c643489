import { credential } from "./classes";
import { bearer } from "./credential-headers";
import { chargedByCalls, chargedByTokens } from "./tools";
import { USAGE_RULES } from "./usage-rules";
import { PARAMETERS } from "./parameters";
import type { CredentialProblem, ProviderRecord } from "./schema";

/**
 * How messages about our account begin, whatever their status: 400 for a wrong key, 403 or 429 without credits. Every other
 * 403 is about the request, such as one whose content is refused. https://docs.x.ai/developers/debugging
 */
const ACCOUNT_MESSAGES: [RegExp, CredentialProblem, ("channel" | "model")?][] = [
  [/^Incorrect API key provided/, "invalid_key"],
  [/^(Invalid|Missing|No) (API key|authorization|bearer token)/i, "invalid_key"],
  [
    /^(Your |The )?API key( ID: [\w-]+)?( is| has been)( currently)? (blocked|disabled|expired|revoked|deleted)/i,
    "invalid_key",
  ],
  [
    /^(Your |The )?team( [\w-]+)?( is| has been)( currently)? (blocked|disabled|suspended)/i,
    "account_disabled",
  ],
  [/^(Your|The) (newly created )?team\b[^.]{0,80}\b(credits|spending limit)\b/, "no_credits"],
  [/^You have run out of credits/, "no_credits"],
  // A key that is restricted to other endpoints.
  [/^Access to the \S+ endpoint is denied/, "no_access", "model"],
];

export const xai: ProviderRecord = {
  id: "xai",
  name: "xAI",
  documentation: "https://docs.x.ai/developers/rest-api-reference",
  policy: {
    name: "xAI",
    trains: "No (default)",
    policy: "API terms",
    href: "https://x.ai/legal/terms-of-service-enterprise",
    keeps:
      "Requests and answers for up to 30 days; responses for as long unless you send store: false",
  },
  baseUrl: "https://api.x.ai/v1",
  sandboxPath: "/xai/v1",
  credentialHeaders: bearer,
  defaultHeaders: {},
  paths: {
    "chat.completions": "/chat/completions",
    responses: "/responses",
    "images.generations": "/images/generations",
    "images.edits": "/images/edits",
    tts: "/tts",
    stt: "/stt",
  },
  // https://docs.x.ai/developers/rest-api-reference/inference/voice
  defaultModels: { tts: "grok-tts", stt: "grok-stt" },
  modelList: "openai",
  costReport: "in_responses",
  priceLists: { genaiPrices: "x-ai", litellmPrefix: "xai/" },
  tools: [
    chargedByCalls(/^web_search$/, ["webSearch"]),
    chargedByCalls(/^x_search$/, ["xSearch"]),
    chargedByCalls(/^(code_interpreter|code_execution)$/, ["codeExecution"]),
    chargedByTokens(/^mcp$/, "anything"),
  ],
  usage: {
    ...USAGE_RULES,
    chatReasoning: "separate",
    countsLiveSearch: true,
    imagesByPiece: true,
    // "Usage guidelines violation fee": https://docs.x.ai/developers/pricing
    refusalFee: 50_000_000,
    isChargedRefusal: ({ status, envelope }) =>
      status === 403 && /\bSAFETY_CHECK_TYPE_|violates usage guidelines/i.test(envelope.message),
    // https://docs.x.ai/developers/rest-api-reference/inference/chat
    chatLimitsReasoning: false,
    chargedCall: ({ type, name = "" }) => {
      if (type === "web_search_call") return "webSearch";
      if (type === "x_search_call") return "xSearch";
      if (type === "custom_tool_call" && name.startsWith("x_")) return "xSearch";
      return type === "code_interpreter_call" ? "codeExecution" : null;
    },
  },
  // https://docs.x.ai/docs/guides/reasoning
  parameters: { ...PARAMETERS, reasoningTakes: { sampling: () => true, stop: false } },
  classifyError({ status, envelope }) {
    if (status >= 500) return null;
    const match = ACCOUNT_MESSAGES.find(([beginning]) => beginning.test(envelope.message));
    return match ? credential(match[1], match[2]) : null;
  },
  accountIds: [
    /\b(team:? )(?!does\b|has\b|is\b|may\b)[`'"]?(?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w]+-[\w-]*\d[\w-]*)[`'"]?/gi,
    /\b(Team: )[^\s,."]+/g,
    /\b(API key ID: )[^\s,."]+/gi,
    /\bxai-[\w*-]{6,}/g,
    /\b[\w-]{2}\*{3,}[\w-]{2}\b/g,
  ],
};
