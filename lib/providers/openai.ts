import { credential, isAboutMcpServer, rateLimit, REQUEST } from "./classes";
import { bearer } from "./credential-headers";
import { chargedByCalls, chargedByImages, chargedByTokens } from "./tools";
import { USAGE_RULES } from "./usage-rules";
import { PARAMETERS } from "./parameters";
import type { CredentialProblem, ProviderRecord } from "./schema";

/** `error.code` or `error.type` of an error about our account: https://developers.openai.com/api/docs/guides/error-codes */
const ACCOUNT_CODES: Record<string, CredentialProblem> = {
  invalid_api_key: "invalid_key",
  invalid_organization: "invalid_key",
  account_deactivated: "account_disabled",
  organization_deactivated: "account_disabled",
  access_terminated: "account_disabled",
  billing_not_active: "no_credits",
  insufficient_quota: "no_credits",
  credit_balance_exhausted: "no_credits",
  billing_hard_limit_reached: "spend_limit",
  billing_limit_user_error: "spend_limit",
  organization_usage_limit_exceeded: "spend_limit",
  organization_spend_limit_exceeded: "spend_limit",
  project_spend_limit_exceeded: "spend_limit",
  // The address of this server, not of the client.
  ip_not_authorized: "no_access",
  unsupported_country_region_territory: "no_access",
};

/** How messages begin where neither code nor type is stated. Further on, a message may quote the request. */
const ACCOUNT_MESSAGES: [RegExp, CredentialProblem][] = [
  [/^Incorrect API key provided/, "invalid_key"],
  [/^You exceeded your current quota/, "no_credits"],
  [/^Your account is not active/, "no_credits"],
  [/^Billing hard limit has been reached/i, "spend_limit"],
  [/^Your access was terminated/, "account_disabled"],
  [/^(Your|The) OpenAI account /, "account_disabled"],
  [/^Country, region, or territory not supported/, "no_access"],
];

export const openai: ProviderRecord = {
  id: "openai",
  name: "OpenAI",
  documentation: "https://platform.openai.com/docs/api-reference",
  policy: {
    name: "OpenAI",
    trains: "No",
    policy: "Enterprise privacy",
    href: "https://openai.com/enterprise-privacy/",
    keeps:
      "Inputs and outputs for up to 30 days to look for abuse, longer where a law asks it; responses for as long unless you send store: false",
  },
  baseUrl: "https://api.openai.com/v1",
  sandboxPath: "/openai/v1",
  credentialHeaders: bearer,
  defaultHeaders: {},
  paths: {
    "chat.completions": "/chat/completions",
    responses: "/responses",
    "responses.input_tokens": "/responses/input_tokens",
    "responses.compact": "/responses/compact",
    embeddings: "/embeddings",
    "images.generations": "/images/generations",
    "images.edits": "/images/edits",
    "audio.speech": "/audio/speech",
    "audio.transcriptions": "/audio/transcriptions",
    "audio.translations": "/audio/translations",
    moderations: "/moderations",
    decisions: "/decisions",
  },
  defaultModels: { moderations: "omni-moderation-latest" },
  modelList: "openai",
  costReport: "openai_costs",
  priceLists: { genaiPrices: "openai", litellmPrefix: "" },
  tools: [
    chargedByCalls(/^web_search(_2025_08_26)?$/, ["webSearch"]),
    // At models that do not reason the preview has another price.
    chargedByCalls(
      /^web_search_preview(_\d{4}_\d\d_\d\d)?$/,
      ["webSearch"],
      (_, { reasoning, prices }) =>
        !reasoning && !prices.some(({ rates }) => rates.perCall?.webSearchPreview !== undefined),
    ),
    // Its default model, and where its use is stated: https://developers.openai.com/api/reference/resources/responses
    chargedByImages(/^image_generation$/, "gpt-image-2.6-sunburst"),
    chargedByTokens(/^mcp$/, "anything"),
    chargedByTokens(
      /^(computer|computer_use|computer_use_preview|shell|local_shell|apply_patch|tool_search)$/,
      "nothing",
    ),
  ],
  usage: {
    ...USAGE_RULES,
    callsAreShown: true,
    // Its models use o200k or, the older ones, a smaller vocabulary.
    tokensPerO200kMax: 1.15,
    // https://developers.openai.com/api/docs/guides/reasoning
    reasonsUnasked: (modelId) => !/^gpt-5\.[1-4]($|-)/.test(modelId),
    chargedCall: ({ type, action = "search" }) => {
      if (type === "image_generation_call") return "imageGeneration";
      return type === "web_search_call" && action === "search" ? "webSearch" : null;
    },
  },
  // https://platform.openai.com/docs/guides/latest-model
  parameters: {
    ...PARAMETERS,
    outputLimit: "max_completion_tokens",
    chatMedia: ["image", "pdf", "audio"],
    reasoningTakes: { sampling: () => false, stop: false },
    imagesHaveSizes: true,
  },
  classifyError(error) {
    const { status, envelope } = error;
    const { code, type, message, param } = envelope;
    if (status >= 500) return null;
    if (type === "external_connector_error" || isAboutMcpServer(envelope)) return REQUEST;
    const problem =
      ACCOUNT_CODES[code] ??
      ACCOUNT_CODES[type] ??
      ACCOUNT_MESSAGES.find(([beginning]) => beginning.test(message))?.[1];
    if (problem !== undefined) return credential(problem);
    // A restricted key: other endpoints and models may be open to it.
    if ((status === 401 || status === 403) && /Missing scopes?:/.test(message))
      return credential("no_access", "model");
    if (param.startsWith("tools")) return status === 429 ? rateLimit(error) : REQUEST;
    if (type === "authentication_error") return credential("invalid_key");
    if (status !== 429) return null;
    // One request is above the limit of a minute: no wait would let it through.
    return message.startsWith("Request too large") ? REQUEST : rateLimit(error);
  },
  accountIds: [
    /\borg-(?:[A-Za-z0-9]{15,}|(?=[A-Za-z]*\d)[A-Za-z0-9]+)/g,
    /\bproj_[A-Za-z0-9]+/g,
    /\buser-[A-Za-z0-9]{20,}/g,
    /\bsk-[\w*-]*(?:\*{3,}|[\w-]{20,})[\w*-]*/g,
  ],
};
