import { AppError, isFull, isUnreachable } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { count } from "@/lib/metrics";
import type { Exchange } from "../exchange";
import type { Dialect } from "../request/endpoints";
import { errorBody } from "./error-body";
import { maxCostHeader } from "./own-headers";

const databaseUnavailable = () =>
  new AppError("unavailable", "OneKey cannot reach its database. Nothing was charged. Try again.", {
    headers: { "retry-after": "2" },
  });
const databaseFull = () =>
  new AppError("unavailable", "OneKey's database is full. Nothing was charged. Try again later.", {
    headers: { "retry-after": "10" },
  });
const unknownFailure = () =>
  new AppError(
    "internal",
    "Something failed on our side. Nothing was charged unless your usage shows it.",
  );

function publicError(error: unknown): AppError {
  if (isUnreachable(error)) return databaseUnavailable();
  return isFull(error) ? databaseFull() : unknownFailure();
}

/** Logs and counts a failure, and returns the error for the client. Only the name of an error that is not an AppError is logged. */
export function noteFailure(error: unknown, requestId: string): AppError {
  const appError = error instanceof AppError ? error : publicError(error);
  if (appError !== error) log.error("request.failed", { requestId, error: errorName(error) });
  count("onekey_refusals_total", { code: appError.code });
  return appError;
}

/** Sends an error to the client in its dialect, unless a response has begun or the client has disconnected. */
export function refuse({
  exchange,
  requestId,
  error,
  dialect,
  maxCost,
}: {
  exchange: Exchange;
  requestId: string;
  error: unknown;
  dialect: Dialect;
  /** Of a request that was held: the most that it could cost, in nano-credits. */
  maxCost?: number;
}): undefined {
  const appError = noteFailure(error, requestId);
  if (exchange.client.aborted || exchange.started()) return;
  const bytes = Buffer.from(errorBody(appError, dialect, requestId));
  exchange.head(appError.status, {
    ...retryHeaders(appError),
    ...appError.headers,
    "content-type": "application/json",
    "content-length": String(bytes.length),
    "cache-control": "no-store",
    "x-onekey-request-id": requestId,
    ...(maxCost === undefined ? {} : maxCostHeader(maxCost)),
  });
  void exchange.write(bytes);
  exchange.end();
}

/** Clients are not asked to retry after a longer wait. */
const WAIT_S_MAX = 600;

/**
 * Whether repeating the request as it is can help, as the SDKs of OpenAI and Anthropic and the tools on top of them ask. They
 * repeat a 5xx and a 409 by default; where the provider may have charged, the header is left out.
 * https://github.com/openai/openai-node/blob/master/src/client.ts (shouldRetry)
 */
export function retryHeaders({ code, headers }: AppError): Record<string, string> {
  switch (code) {
    case "rate_limited":
    case "unavailable": {
      const wait = headers["retry-after"] ?? "5";
      return { "retry-after": wait, "x-should-retry": String(Number(wait) <= WAIT_S_MAX) };
    }
    case "provider_error":
      return { "x-should-retry": "true" };
    case "internal":
    case "timeout":
      return {};
    case "upgrade_required":
    case "bad_request":
    case "unsupported_media":
    case "invalid_key":
    case "insufficient_credits":
    case "forbidden":
    case "not_found":
    case "method_not_allowed":
    case "too_large":
      return { "x-should-retry": "false" };
  }
}
