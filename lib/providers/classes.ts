import { statedWait } from "./stated-wait";
import type { CredentialProblem, ErrorClass, ErrorEnvelope, UpstreamError } from "./schema";

export const REQUEST: ErrorClass = { kind: "request" };
export const SERVER: ErrorClass = { kind: "server" };

export const rateLimit = (error: UpstreamError): ErrorClass => ({
  kind: "rate_limit",
  waitMs: statedWait(error),
});

export const credential = (
  problem: CredentialProblem,
  scope: "channel" | "model" = "channel",
): ErrorClass => ({ kind: "credential", problem, scope });

/** A server that the request names failed, or rejected the token that the request has for it: our account is not concerned. */
export const isAboutMcpServer = ({ message }: ErrorEnvelope): boolean => /\bMCP\b/.test(message);

/** By the status only, for what a provider's own codes leave open. An unknown 4xx is about the request. */
export function classifyByStatus(error: UpstreamError): ErrorClass {
  const { status } = error;
  if (status >= 500) return SERVER;
  if (isAboutMcpServer(error.envelope)) return REQUEST;
  if (status === 401) return credential("invalid_key");
  if (status === 402) return credential("no_credits");
  return status === 429 ? rateLimit(error) : REQUEST;
}
