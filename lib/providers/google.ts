import { rateLimit, credential } from "./classes";
import { bearer } from "./credential-headers";
import { chargedByCalls, chargedByTokens } from "./tools";
import { PARAMETERS } from "./parameters";
import { CODE_SYMBOLS, USAGE_RULES } from "./usage-rules";
import {
  SAME_PATH,
  type CredentialProblem,
  type ErrorEnvelope,
  type ProviderRecord,
} from "./schema";

/** https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto */
const ACCOUNT_REASONS: Record<string, CredentialProblem> = {
  API_KEY_INVALID: "invalid_key",
  API_KEY_EXPIRED: "invalid_key",
  CREDENTIALS_MISSING: "invalid_key",
  API_KEY_SERVICE_BLOCKED: "no_access",
  API_KEY_HTTP_REFERRER_BLOCKED: "no_access",
  API_KEY_IP_ADDRESS_BLOCKED: "no_access",
  API_KEY_ANDROID_APP_BLOCKED: "no_access",
  API_KEY_IOS_APP_BLOCKED: "no_access",
  SERVICE_DISABLED: "no_access",
  LOCATION_POLICY_VIOLATED: "no_access",
  USER_PROJECT_DENIED: "no_access",
  RESOURCE_PROJECT_INVALID: "no_access",
  BILLING_DISABLED: "no_credits",
  CONSUMER_SUSPENDED: "account_disabled",
  CONSUMER_INVALID: "account_disabled",
  ACCOUNT_STATE_INVALID: "account_disabled",
};
const SERVICE = "generativelanguage.googleapis.com";

/** How messages without such a reason begin. https://ai.google.dev/gemini-api/docs/troubleshooting */
const ACCOUNT_MESSAGES: [RegExp, CredentialProblem][] = [
  [/^(Your|The|This) API key (was|has been|is) /, "invalid_key"],
  [/^API key (not valid|expired|not found)/i, "invalid_key"],
  [/^Method doesn't allow unregistered callers/, "invalid_key"],
  [/^Permission denied: Consumer /, "account_disabled"],
  [
    /^(Your )?project( '?[\w-]+'?)? has been (denied access|suspended|deleted)/i,
    "account_disabled",
  ],
  [/^(Gemini|This service) has been disabled in this account/, "account_disabled"],
  [/^Generative Language API has not been used in project/, "no_access"],
  [/^Your (prepay|prepaid|prepayment) (credits?|balance)/, "no_credits"],
  [/^This API method requires billing/, "no_credits"],
  [/^Gemini API free tier is not available in your country/, "no_credits"],
  // The place of this server, not of the client.
  [/^User location is not supported/, "no_access"],
];

export const google: ProviderRecord = {
  id: "google",
  name: "Google",
  documentation: "https://ai.google.dev/api",
  policy: {
    name: "Google (Gemini API)",
    trains: "No (paid API)",
    policy: "Gemini API terms",
    href: "https://ai.google.dev/gemini-api/terms",
    keeps:
      "Prompts and answers for 55 days to look for abuse; for 30 days where an answer is grounded in a search",
  },
  baseUrl: "https://generativelanguage.googleapis.com",
  sandboxPath: "/google",
  credentialHeaders: (credential, isCompatible) =>
    isCompatible ? bearer(credential) : { "x-goog-api-key": credential },
  defaultHeaders: {},
  paths: {
    "chat.completions": "/v1beta/openai/chat/completions",
    embeddings: "/v1beta/openai/embeddings",
    "gemini.generateContent": SAME_PATH,
    "gemini.streamGenerateContent": SAME_PATH,
    "gemini.countTokens": SAME_PATH,
    "gemini.embedContent": SAME_PATH,
    "gemini.batchEmbedContents": SAME_PATH,
  },
  modelList: "google",
  costReport: "none",
  priceLists: { genaiPrices: "google", litellmPrefix: "gemini/" },
  tools: [
    chargedByCalls(/^googleSearch(Retrieval)?$/, ["webSearch", "groundedPrompt"]),
    chargedByTokens(/^(urlContext|mcpServers)$/, "anything"),
    chargedByTokens(/^codeExecution$/, "findings"),
    chargedByTokens(/^computerUse$/, "nothing"),
  ],
  usage: {
    ...USAGE_RULES,
    chatReasoning: "in total",
    // By its count of tokens (https://www.tensorzero.com/blog/stop-comparing-price-per-million-tokens-the-hidden-llm-api-costs/,
    // https://huggingface.co/datasets/JOHNISKING/token-cost-by-programming-language): prose 1.06; code and JSON 1.04 to 1.22.
    tokensPerO200k: (_, { symbols }) => (symbols > CODE_SYMBOLS ? 1.15 : 1.06),
  },
  // https://ai.google.dev/api/generate-content
  parameters: PARAMETERS,
  classifyError(error) {
    const { status, envelope } = error;
    if (status >= 500) return null;
    const problem = reasonOf(envelope);
    if (problem !== null) return credential(problem);
    const known = ACCOUNT_MESSAGES.find(([beginning]) => beginning.test(envelope.message));
    if (known) return credential(known[1]);
    if (status !== 429) return null;
    // A key without billing has no quota at all for some models.
    return hasNoQuota(envelope) ? credential("no_credits", "model") : rateLimit(error);
  },
  accountIds: [
    /\b(projects\/)\d{4,}/g,
    /\b(project_number:)\d+/g,
    /\b(project )\d{4,}/gi,
    /([?&]project=)[\w-]+/g,
    /\b(api_key:)[\w*-]+/g,
    /\bAIza[\w-]{10,}/g,
  ],
};

function reasonOf({ details }: ErrorEnvelope): CredentialProblem | null {
  for (const { reason, domain, metadata } of details) {
    const problem = ACCOUNT_REASONS[String(reason)];
    if (problem === undefined || domain !== "googleapis.com") continue;
    // A service that the request's tools need is not ours to have.
    const service =
      typeof metadata === "object" && metadata !== null && "service" in metadata
        ? metadata.service
        : SERVICE;
    if (service === SERVICE) return problem;
  }
  return null;
}

const hasNoQuota = ({ message }: ErrorEnvelope): boolean =>
  /_free_tier_[a-z_]+, limit: 0\b/.test(message);
