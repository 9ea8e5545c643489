import { rateLimit, credential, REQUEST, SERVER } from "./classes";
import type { CredentialProblem, ProviderRecord } from "./schema";

/**
 * How messages about our account begin; most come with the type of an ordinary bad request. Only the beginning counts: further
 * on, a message may quote the request. https://platform.claude.com/docs/en/api/errors,
 * https://platform.claude.com/docs/en/api/rate-limits
 */
const ACCOUNT_MESSAGES: [RegExp, CredentialProblem][] = [
  [/^Your credit balance is too low/, "no_credits"],
  [/^You have reached your specified (workspace )?API usage limits/, "spend_limit"],
  [/^This organization has been disabled/, "account_disabled"],
  [/^This workspace has been (archived|disabled)/, "account_disabled"],
  [/^OAuth authentication is currently not allowed for this organization/, "account_disabled"],
  // The address of this server, not of the client.
  [/^Request not allowed$/, "no_access"],
];

export const anthropic: ProviderRecord = {
  id: "anthropic",
  name: "Anthropic",
  classifyError(error) {
    const { status, envelope } = error;
    const { type, message, details } = envelope;
    if (status >= 500 || type === "overloaded_error") return SERVER;
    if (type === "billing_error") return credential("no_credits");
    const known = ACCOUNT_MESSAGES.find(([beginning]) => beginning.test(message));
    if (known) return credential(known[1]);
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
