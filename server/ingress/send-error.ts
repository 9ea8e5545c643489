import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppError } from "@/lib/errors";
import { errorBody } from "@/lib/gateway/response/error-body";
import { dialectOf } from "@/lib/gateway/request/endpoints";
import { isApiPath, lenientPath } from "@/lib/http/request-target";
import { newId } from "@/lib/ids";
import { count } from "@/lib/metrics";

/** Milliseconds that a client gets to finish a request that was responded to early. */
const LINGER_MS = 5_000;

/** Whether a client that sent this target expects the errors of the API, however the target is written. */
export function expectsApiErrors(target: string): boolean {
  return isApiPath(lenientPath(target));
}

/**
 * Ends a request with an error: JSON in the dialect of the path for the API, JSON for other programs' endpoints below
 * `/api`, plain text for everything else. `status` replaces the error's own where HTTP has a closer one.
 */
export function sendError({
  req,
  res,
  error,
  status = error.status,
}: {
  req: IncomingMessage;
  res: ServerResponse;
  error: AppError;
  status?: number;
}): void {
  if (res.headersSent) return void res.destroy();
  count("onekey_rejected_requests_total", { status: String(status) });
  const headers: Record<string, string> = {
    ...error.headers,
    "cache-control": "no-store",
  };
  let body = `${error.message}\n`;
  if (expectsApiErrors(req.url ?? "")) {
    const requestId = newId("req");
    const dialect = dialectOf(lenientPath(req.url ?? ""), {
      "anthropic-version": req.headers["anthropic-version"],
      "x-goog-api-key": req.headers["x-goog-api-key"],
    });
    const { code, message } = error;
    body = errorBody({ code, message, status }, dialect, requestId);
    Object.assign(headers, {
      "content-type": "application/json",
      "x-onekey-request-id": requestId,
    });
  } else if (lenientPath(req.url ?? "").startsWith("/api/")) {
    body = JSON.stringify({ error: { message: error.message } });
    headers["content-type"] = "application/json";
  } else {
    Object.assign(headers, {
      "content-type": "text/plain; charset=utf-8",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  }
  const bytes = Buffer.from(body);
  res.writeHead(status, { ...headers, "content-length": String(bytes.length) });
  res.end(req.method === "HEAD" ? undefined : bytes);
  discardBody(req);
}

/** Reads the rest of a body away for a while, so that its sender sees the response; then closes the connection. */
export function discardBody(req: IncomingMessage): void {
  const { socket, headers } = req;
  const hasBody = headers["content-length"] !== undefined || "transfer-encoding" in headers;
  if (req.complete || !hasBody) return;
  req.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  const stop = () => {
    clearTimeout(timer);
    req.off("end", stop);
    socket.off("close", stop);
  };
  req.once("end", stop);
  socket.once("close", stop);
}
