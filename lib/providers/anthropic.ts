import { credential, isAboutMcpServer, rateLimit, REQUEST, SERVER } from "./classes";
import { bearer } from "./credential-headers";
import { chargedByCalls, chargedByTokens } from "./tools";
import { CODE_SYMBOLS, USAGE_RULES } from "./usage-rules";
import { PARAMETERS } from "./parameters";
import type { CredentialProblem, ProviderRecord } from "./schema";

/**
 * How messages about our account begin; most come with the type of an ordinary bad request. Only the beginning counts: further
 * on, a message may quote the request. https://platform.claude.com/docs/en/api/errors,
 * https://platform.claude.com/docs/en/api/rate-limits
 */
const ACCOUNT_MESSAGES: [RegExp, CredentialProblem][] = [
  [/^Your credit balance is too low/, "no_credits"],
  [/^You have reached your (\w+ ){0,2}API usage limits?/, "spend_limit"],
  [
    /^(This|Your) (organization|workspace|account) (has been|is) (currently )?(disabled|suspended|archived|deactivated)/,
    "account_disabled",
  ],
  [/^OAuth authentication is currently not allowed for this organization/, "account_disabled"],
  [
    /^(This|Your|The) API key (has|has been|is) (disabled|expired|revoked|deactivated)/,
    "invalid_key",
  ],
  // The address of this server, not of the client.
  [/^Request not allowed$/, "no_access"],
];

export const anthropic: ProviderRecord = {
  id: "anthropic",
  name: "Anthropic",
  documentation: "https://docs.claude.com/en/api/overview",
  policy: {
    name: "Anthropic",
    trains: "No",
    policy: "Privacy policy",
    href: "https://www.anthropic.com/legal/privacy",
    keeps: "Inputs and outputs for a limited time, longer where its policies were broken",
  },
  baseUrl: "https://api.anthropic.com",
  sandboxPath: "/anthropic",
  credentialHeaders: (credential, isCompatible) =>
    isCompatible ? bearer(credential) : { "x-api-key": credential },
  defaultHeaders: { "anthropic-version": "2023-06-01" },
  adjustHeaders(headers) {
    const betas = headers["anthropic-beta"];
    if (!betas?.includes("oauth-")) return;
    const otherBetas = withoutOauth(betas);
    if (otherBetas === "") delete headers["anthropic-beta"];
    else headers["anthropic-beta"] = otherBetas;
  },
  paths: {
    "chat.completions": "/v1/chat/completions",
    messages: "/v1/messages",
    "messages.count_tokens": "/v1/messages/count_tokens",
  },
  modelList: "anthropic",
  costReport: "anthropic_costs",
  priceLists: { genaiPrices: "anthropic", litellmPrefix: "" },
  tools: [
    chargedByCalls(/^web_search_\d{8}$/, ["webSearch"]),
    chargedByTokens(/^(web_fetch_\d{8}|mcp_toolset)$/, "anything"),
    chargedByTokens(/^(tool_search_tool_\w+|computer_\w+|browser_\w+)$/, "nothing"),
    chargedByTokens(
      /^code_execution_2026\d{4}$/,
      "findings",
      ({ tools }) => !tools.some((tool) => FREES_EXECUTION.test(tool)),
    ),
  ],
  usage: {
    ...USAGE_RULES,
    showsFindings: true,
    // A response is interrupted after so many rounds: https://platform.claude.com/docs/en/agents-and-tools/tool-use/server-tools
    toolRoundsMax: 10,
    // https://platform.claude.com/docs/en/build-with-claude/compaction-threshold
    compactionInputMin: 50_000,
    cachesUnmarked: false,
    tokensPerO200kMax: 1.7,
    /**
     * Its tokenizers are not published: these are ratios measured on its counts. The newer one (from Claude Opus 4.7 on) counts prose
     * at 1.57, code of seven languages at 1.43 to 1.59 and JSON at 1.38 to 1.59; the earlier one prose at 1.17, code at 1.16 to
     * 1.27. Chinese, Japanese and Korean are the same in both. https://www.tensorzero.com/blog/stop-comparing-price-per-million-tokens-the-hidden-llm-api-costs/,
     * https://huggingface.co/datasets/JOHNISKING/token-cost-by-programming-language,
     * https://sol.ava.dev/writings/2026-04-17-opus-4-7-tokenizer.html
     */
    tokensPerO200k: (modelId, { symbols, wide }) => {
      const isEarlier = /^claude-(3|(haiku|sonnet|opus)-4($|-[0-6]($|-)|-\d{8}))/.test(modelId);
      const tokensPerSpace = isEarlier ? 1.2 : symbols > CODE_SYMBOLS ? 1.47 : 1.57;
      return tokensPerSpace * (1 - wide) + 1.5 * wide;
    },
    // Recorded calls of a tool without, with one and with three arguments: 33, 39 and 68 tokens more than their texts.
    callTokens: { call: 30, argument: 10 },
    // Only where `thinking` asks for it: https://platform.claude.com/docs/en/build-with-claude/extended-thinking
    reasonsUnasked: () => false,
    chargedCall: ({ type, name }) =>
      type === "server_tool_use" && name === "web_search" ? "webSearch" : null,
  },
  // Its compatible format has no structured output and no documents. https://docs.claude.com/en/api/messages
  parameters: {
    ...PARAMETERS,
    textFormat: "messages",
    temperatureMax: 1,
    takesTopK: true,
    // From Claude Opus 4.7 on: https://platform.claude.com/docs/en/about-claude/models/migration-guide
    reasoningTakes: { sampling: (modelId) => UP_TO_4_6.test(modelId), stop: true },
    // https://platform.claude.com/docs/en/build-with-claude/thinking
    thinking: (modelId) => (UP_TO_4_5.test(modelId) ? "budget" : "effort"),
  },
  classifyError(error) {
    const { status, envelope } = error;
    const { type, message, details } = envelope;
    if (status >= 500 || type === "overloaded_error") return SERVER;
    if (isAboutMcpServer(envelope)) return REQUEST;
    if (type === "billing_error") return credential("no_credits");
    if (type === "authentication_error") return credential("invalid_key");
    const match = ACCOUNT_MESSAGES.find(([beginning]) => beginning.test(message));
    if (match) return credential(match[1]);
    if (status !== 429) return null;
    if (details.some((detail) => detail.error_code === "enforced_spend_limit_reached"))
      return credential("spend_limit");
    // A feature that the account has not: no wait would let the request through.
    return /^(Extra usage is|Usage credits are) required/.test(message)
      ? REQUEST
      : rateLimit(error);
  },
  accountIds: [
    /(\borg(?:anization)?(?:[ _]id)?"?:?\s*["(]?)[0-9a-f]{8}-[0-9a-f-]{27}/gi,
    /\bwrkspc_[A-Za-z0-9]+/g,
    /\bsk-ant-[\w*-]+/g,
    /\borg_[A-Za-z0-9]{10,}/g,
  ],
};

const UP_TO_4_5 = /^claude-(3|(haiku|sonnet|opus)-4(-[0-5])?($|-\d{8}))/;
const UP_TO_4_6 = /^claude-(3|(haiku|sonnet|opus)-4(-[0-6])?($|-\d{8}))/;

/** Code execution is free with a search or fetch of these versions, and billed by container hours, which no response states, without one. */
const FREES_EXECUTION = /^web_(search|fetch)_(2026(0[2-9]|1\d)\d\d|202[7-9]\d{4})$/;

/**
 * The betas that a client requests, without those of a sign-in at Anthropic: with them, our API key would be read as a token of
 * another kind and rejected. https://platform.claude.com/docs/en/api/beta-headers
 */
const withoutOauth = (betas: string): string =>
  betas
    .split(",")
    .map((beta) => beta.trim())
    .filter((beta) => beta !== "" && !beta.startsWith("oauth-"))
    .join(",");
