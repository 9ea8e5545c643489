import type { Provider } from "@/lib/catalog/schema";

/** A provider's response headers, by lower-case names. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** The fields that the providers' error bodies have in common; an absent one is an empty text. */
export type ErrorEnvelope = {
  message: string;
  type: string;
  code: string;
  param: string;
  /** Google's `error.details`, Anthropic's `error.details` as one entry. */
  details: Record<string, unknown>[];
};

/** A response with a status of 400 or more. */
export type UpstreamError = {
  status: number;
  headers: ResponseHeaders;
  envelope: ErrorEnvelope;
};

/** What is wrong with our account, for the operator. */
export type CredentialProblem =
  | "invalid_key"
  | "no_credits"
  | "spend_limit"
  | "account_disabled"
  | "no_access";

/** What an error of a provider is about. It decides what the client gets, and what happens to the channel. */
export type ErrorClass =
  /** This request: the provider's response is passed through, and the channel is left as it is. */
  | { kind: "request" }
  /** A limit of requests or tokens in a time: `waitMs` as the provider states it, null where it states none. */
  | { kind: "rate_limit"; waitMs: number | null }
  /** Our credential or our account; `scope` is "model" where other models may still work with it. */
  | { kind: "credential"; problem: CredentialProblem; scope: "channel" | "model" }
  /** A failure of the provider, whatever was sent. */
  | { kind: "server" };

/** Everything OneKey knows of one provider. */
export type ProviderRecord = {
  id: Provider;
  name: string;
  /** What an error is about, by the provider's own codes; null where only its status says. */
  classifyError(error: UpstreamError): ErrorClass | null;
  /** How the provider writes the ids of our team, project, organization and keys into a message. The groups `$1` and `$2` are kept. */
  accountIds: RegExp[];
};
