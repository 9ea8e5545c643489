import { AppError, isFull, isUnreachable } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { count } from "@/lib/metrics";
import type { Exchange } from "../exchange";
import type { Dialect } from "../request/endpoints";
import { errorBody } from "./error-body";

const databaseAway = () =>
  new AppError("unavailable", "OneKey cannot reach its database. Nothing was charged: try again.", {
    headers: { "retry-after": "2" },
  });
const databaseFull = () =>
  new AppError(
    "unavailable",
    "OneKey's database has no room to write. Nothing was charged: try again later.",
    {
      headers: { "retry-after": "10" },
    },
  );
const unknownFailure = () =>
  new AppError(
    "internal",
    "Something failed on our side. Nothing was charged unless your usage shows it.",
  );

function publicError(error: unknown): AppError {
  if (isUnreachable(error)) return databaseAway();
  return isFull(error) ? databaseFull() : unknownFailure();
}

/** Logs and counts a failure, and returns what may be said of it: of what is not an AppError, only the name is logged. */
export function noteFailure(error: unknown, requestId: string): AppError {
  const known = error instanceof AppError ? error : publicError(error);
  if (known !== error) log.error("request.failed", { requestId, error: errorName(error) });
  count("onekey_refusals_total", { code: known.code });
  return known;
}

/** Sends the client what went wrong, in its dialect. */
export function refuse({
  exchange,
  requestId,
  error,
  dialect,
}: {
  exchange: Exchange;
  requestId: string;
  error: unknown;
  dialect: Dialect;
}): undefined {
  const known = noteFailure(error, requestId);
  if (exchange.left.aborted || exchange.started()) return;
  const bytes = Buffer.from(errorBody(known, dialect, requestId));
  exchange.head(known.status, {
    ...known.headers,
    "content-type": "application/json",
    "content-length": String(bytes.length),
    "cache-control": "no-store",
    "x-onekey-request-id": requestId,
  });
  void exchange.write(bytes);
  exchange.end();
}
