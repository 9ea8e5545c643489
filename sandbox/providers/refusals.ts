import type { ProviderName } from "./mock-response";

/** A refusal in a provider's own words: status and JSON. */
export type MockRefusal = {
  status: number;
  body: string;
  headers?: Record<string, string>;
  hangUp?: boolean;
};

const GOOGLE_STATUS: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  402: "RESOURCE_EXHAUSTED",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};
const ANTHROPIC_TYPE: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

/** An error in the provider's own shape. */
export function failure(
  provider: ProviderName,
  status: number,
  message: string,
  code: string | null = null,
): string {
  switch (provider) {
    case "anthropic": {
      const type =
        ANTHROPIC_TYPE[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
      return JSON.stringify({ type: "error", error: { type, message }, request_id: "req_sandbox" });
    }
    case "google": {
      const name = GOOGLE_STATUS[status] ?? (status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT");
      return JSON.stringify({ error: { code: status, message, status: name } });
    }
    case "xai":
      return JSON.stringify({
        code: status >= 500 ? "Internal error" : "Client specified an invalid argument",
        error: message,
      });
    case "openai": {
      const type =
        status >= 500 ? "server_error" : status === 429 ? "requests" : "invalid_request_error";
      return JSON.stringify({ error: { message, type, param: null, code } });
    }
  }
}

type HeaderMap = Record<string, string | string[] | undefined>;

/** Where each provider looks for a credential; its OpenAI-compatible endpoints take a bearer token. */
function credentialOf(provider: ProviderName, path: string, headers: HeaderMap): string {
  const bearer = /^Bearer (.*)$/.exec(String(headers.authorization ?? ""))?.[1] ?? "";
  const compatible = path.endsWith("/chat/completions") || path.includes("/openai/");
  if (provider === "anthropic" && !compatible) return String(headers["x-api-key"] ?? bearer);
  if (provider === "google" && !compatible) return String(headers["x-goog-api-key"] ?? "");
  return bearer;
}

/**
 * What a provider says of the account that asks, by how its credential begins: "sandbox-" and "good-" are right, "quota-" has
 * no money left, "limited-" asks too often, "failing-" and "absent-" meet a provider in trouble; all else is wrong.
 */
export function accountRefusal(
  provider: ProviderName,
  path: string,
  headers: HeaderMap,
): MockRefusal | null {
  const credential = credentialOf(provider, path, headers);
  const [kind = ""] = /^[a-z]+-/.exec(credential) ?? [];
  switch (kind) {
    case "sandbox-":
    case "good-":
      return null;
    case "limited-":
      return {
        status: 429,
        body: failure(provider, 429, "Rate limit reached."),
        headers: { "retry-after": "7" },
      };
    case "failing-":
      return { status: 503, body: failure(provider, 503, "The server is overloaded.") };
    case "absent-":
      return { status: 0, body: "", hangUp: true };
    case "quota-":
      return withoutMoney(provider);
    default:
      return wrongCredential(provider, credential);
  }
}

function wrongCredential(provider: ProviderName, credential: string): MockRefusal {
  switch (provider) {
    case "google": {
      const reason = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "API_KEY_INVALID",
        domain: "googleapis.com",
      };
      const message = "API key not valid. Please pass a valid API key.";
      return {
        status: 400,
        body: JSON.stringify({
          error: { code: 400, message, status: "INVALID_ARGUMENT", details: [reason] },
        }),
      };
    }
    case "xai": {
      const message = `Incorrect API key provided: ${credential}. You can obtain an API key from the console.`;
      return { status: 400, body: failure(provider, 400, message) };
    }
    case "anthropic":
      return { status: 401, body: failure(provider, 401, "invalid x-api-key") };
    case "openai":
      return {
        status: 401,
        body: failure(
          provider,
          401,
          `Incorrect API key provided: ${credential}.`,
          "invalid_api_key",
        ),
      };
  }
}

function withoutMoney(provider: ProviderName): MockRefusal {
  const quota = "You exceeded your current quota, please check your plan and billing details.";
  switch (provider) {
    case "anthropic":
      return {
        status: 400,
        body: failure(provider, 400, "Your credit balance is too low to access the Anthropic API."),
      };
    case "xai": {
      const error =
        "Your team has used all available credits or reached its monthly spending limit.";
      return {
        status: 403,
        body: JSON.stringify({ code: "The caller does not have permission", error }),
      };
    }
    case "google": {
      const message = "The prepaid balance of this project is depleted.";
      return { status: 402, body: failure(provider, 402, message) };
    }
    case "openai":
      return { status: 429, body: failure(provider, 429, quota, "insufficient_quota") };
  }
}

/** What a provider sends along that concerns its own account: the gateway keeps it back. */
export function usualHeaders(provider: ProviderName): Record<string, string> {
  const extraHeaders = { "set-cookie": "__cf_bm=sandbox; path=/", "x-request-id": "req_provider" };
  if (provider === "anthropic")
    return {
      ...extraHeaders,
      "request-id": "req_provider",
      "anthropic-organization-id": "org-sandbox",
      "anthropic-ratelimit-requests-remaining": "99",
    };
  return {
    ...extraHeaders,
    "openai-organization": "org-sandbox",
    "openai-processing-ms": "12",
    "x-ratelimit-remaining-requests": "99",
  };
}
