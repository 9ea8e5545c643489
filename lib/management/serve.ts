import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { errorName, log } from "@/lib/log";
import { authorize } from "./authorize";
import { isWrite, serveOnce } from "./idempotency";
import type { ManagementResponse } from "./operation";
import { findOperation } from "./operations";
import { countRequest } from "./rate-limit";
import { readJsonBody } from "./read-body";

/**
 * Serves `/v1/manage/*`: checks the management key and its scope, reads the body, runs the operation. A write with an
 * Idempotency-Key runs once. Errors are `{ error: { code, message, param } }`.
 */
export async function serveManagement(request: Request): Promise<Response> {
  const requestId = newId("req");
  try {
    const url = new URL(request.url);
    const { operation, params } = findOperation(request.method, url.pathname);
    const caller = await authorize(request, operation.scope);
    countRequest(caller.account._id);
    const { value: body, text } = isWrite(request) ? await readJsonBody(request) : EMPTY;
    const context = { caller, params, query: url.searchParams, body, ifMatch: ifMatchOf(request) };
    const run = () => operation.run(context);
    const response = isWrite(request)
      ? await serveOnce({ request, caller, text, run })
      : await run();
    return jsonResponse(response, requestId);
  } catch (error) {
    return failure(error, requestId);
  }
}

const EMPTY = { value: {}, text: "" };

/** The version that an update was made for; null without the header. */
function ifMatchOf(request: Request): string | null {
  const header = request.headers.get("if-match");
  return header === null ? null : (/^(?:W\/)?"(.*)"$/.exec(header.trim())?.[1] ?? header.trim());
}

function jsonResponse({ status, body, etag }: ManagementResponse, requestId: string): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(etag === undefined ? {} : { etag: `"${etag}"` }),
      "cache-control": "no-store",
      "x-onekey-request-id": requestId,
    },
  });
}

function failure(error: unknown, requestId: string): Response {
  const appError = error instanceof AppError ? error : internal(error, requestId);
  const { code, message, reason } = appError;
  const param = appError.param === undefined ? null : fieldName(appError.param);
  return new Response(JSON.stringify({ error: { code: reason ?? code, message, param } }), {
    status: appError.status,
    headers: {
      ...appError.headers,
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-onekey-request-id": requestId,
    },
  });
}

/** A field as a body spells it: records name theirs in camel case. */
const fieldName = (param: string): string =>
  param.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function internal(error: unknown, requestId: string): AppError {
  log.error("request.failed", { requestId, error: errorName(error) });
  return new AppError("internal", "Something failed on our side. Try again.");
}
