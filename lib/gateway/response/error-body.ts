import type { AppError, ErrorCode } from "@/lib/errors";
import type { Dialect } from "../request/endpoints";

const OPENAI_TYPE: Record<ErrorCode, string> = {
  bad_request: "invalid_request_error",
  unsupported_media: "invalid_request_error",
  invalid_key: "authentication_error",
  insufficient_credits: "insufficient_quota",
  forbidden: "permission_error",
  not_found: "invalid_request_error",
  method_not_allowed: "invalid_request_error",
  too_large: "invalid_request_error",
  upgrade_required: "invalid_request_error",
  rate_limited: "rate_limit_error",
  internal: "server_error",
  provider_error: "server_error",
  unavailable: "server_error",
  timeout: "server_error",
};

const ANTHROPIC_TYPE: Record<ErrorCode, string> = {
  ...OPENAI_TYPE,
  insufficient_credits: "billing_error",
  not_found: "not_found_error",
  too_large: "request_too_large",
  internal: "api_error",
  provider_error: "api_error",
  unavailable: "overloaded_error",
  timeout: "timeout_error",
};

const GEMINI_STATUS: Record<ErrorCode, string> = {
  bad_request: "INVALID_ARGUMENT",
  unsupported_media: "INVALID_ARGUMENT",
  invalid_key: "UNAUTHENTICATED",
  insufficient_credits: "FAILED_PRECONDITION",
  forbidden: "PERMISSION_DENIED",
  not_found: "NOT_FOUND",
  method_not_allowed: "INVALID_ARGUMENT",
  too_large: "INVALID_ARGUMENT",
  upgrade_required: "FAILED_PRECONDITION",
  rate_limited: "RESOURCE_EXHAUSTED",
  internal: "INTERNAL",
  provider_error: "INTERNAL",
  unavailable: "UNAVAILABLE",
  timeout: "DEADLINE_EXCEEDED",
};

/** The reason of a model that the endpoint does not take. */
export const WRONG_ENDPOINT = "wrong_endpoint";

/**
 * Claude Code repeats a 400 up to five times, each time without another optional feature, unless its type says that no form of
 * the request will pass.
 */
const ANTHROPIC_TYPE_BY_REASON: Record<string, string> = { [WRONG_ENDPOINT]: "policy_blocked" };

/** An error in the envelope of the dialect that was called, so that each official client raises its own class for it. */
export function errorBody(
  error: Pick<AppError, "code" | "message" | "status" | "param"> & {
    reason?: string | undefined;
    limit?: string | undefined;
  },
  dialect: Dialect,
  requestId: string,
): string {
  const { code, message, status, param, reason, limit } = error;
  switch (dialect) {
    case "openai": {
      const name =
        code === "invalid_key"
          ? "invalid_api_key"
          : code === "insufficient_credits"
            ? "insufficient_quota"
            : code;
      return JSON.stringify({
        error: {
          message: code === "insufficient_credits" ? forAider(message) : message,
          type: OPENAI_TYPE[code],
          param: param ?? null,
          code: reason ?? name,
          ...(limit === undefined ? {} : { limit }),
        },
      });
    }
    case "anthropic":
      return JSON.stringify({
        type: "error",
        error: {
          type: ANTHROPIC_TYPE_BY_REASON[reason ?? ""] ?? ANTHROPIC_TYPE[code],
          message,
          ...(reason ? { code: reason } : {}),
          ...(limit === undefined ? {} : { limit }),
        },
        request_id: requestId,
      });
    case "gemini":
      return JSON.stringify({
        error: {
          code: status,
          message,
          status: GEMINI_STATUS[code],
          // https://cloud.google.com/apis/design/errors#error_info
          ...(reason || limit ? { details: [errorInfo(reason ?? code, limit)] } : {}),
        },
      });
  }
}

/**
 * Aider repeats a 402 for a minute unless the text has these words, which are OpenRouter's.
 * https://github.com/Aider-AI/aider/blob/main/aider/exceptions.py
 */
const forAider = (message: string) => `Insufficient credits ("code":402). ${message}`;

const errorInfo = (reason: string, limit?: string) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason: reason.toUpperCase(),
  domain: "onekey",
  ...(limit === undefined ? {} : { metadata: { limit } }),
});
