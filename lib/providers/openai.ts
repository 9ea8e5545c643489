import { rateLimit, credential, REQUEST } from "./classes";
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

export const openai: ProviderRecord = {
  id: "openai",
  name: "OpenAI",
  classifyError(error) {
    const { status, envelope } = error;
    const { code, type, message, param } = envelope;
    if (status >= 500) return null;
    // A server that the request names, such as one of its MCP servers, is what failed.
    if (type === "external_connector_error") return REQUEST;
    const problem = ACCOUNT_CODES[code] ?? ACCOUNT_CODES[type];
    if (problem !== undefined) return credential(problem);
    if (status === 401) {
      if (param.startsWith("tools")) return REQUEST;
      // A restricted key: other endpoints and models may be open to it.
      return /Missing scopes?:/.test(message)
        ? credential("no_access", "model")
        : credential("invalid_key");
    }
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
