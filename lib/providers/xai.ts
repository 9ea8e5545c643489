import { credential } from "./classes";
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
  [
    /^Your (newly created )?team( [\w-]+)? (has either used all available credits|doesn't have any credits)/,
    "no_credits",
  ],
  [/^You have run out of credits/, "no_credits"],
  // A key that is restricted to other endpoints.
  [/^Access to the \S+ endpoint is denied/, "no_access", "model"],
];

export const xai: ProviderRecord = {
  id: "xai",
  name: "xAI",
  classifyError({ status, envelope }) {
    if (status >= 500) return null;
    const known = ACCOUNT_MESSAGES.find(([beginning]) => beginning.test(envelope.message));
    return known ? credential(known[1], known[2]) : null;
  },
  accountIds: [
    /\b(team:? )(?!does\b|has\b|is\b|may\b)[`'"]?(?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w]+-[\w-]*\d[\w-]*)[`'"]?/gi,
    /\b(Team: )[^\s,."]+/g,
    /\b(API key ID: )[^\s,."]+/gi,
    /\bxai-[\w*-]{6,}/g,
    /\b[\w-]{2}\*{3,}[\w-]{2}\b/g,
  ],
};
