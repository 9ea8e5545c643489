import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";
import { canServe } from "@/lib/instances/heartbeat";
import { sendError } from "./send-error";

/** One look at the database serves every request that asks while it lasts. */
let readiness: Promise<boolean> | null = null;

/**
 * Serves `/api/health` (this process runs, and its pages have been up once) and `/api/health/ready` (its database responds)
 * without the page thread. False for any other path.
 */
export function serveHealth(
  path: string,
  { req, res, started: isStarted }: { req: IncomingMessage; res: ServerResponse; started: boolean },
): boolean {
  if (path !== "/api/health" && path !== "/api/health/ready") return false;
  if (req.method !== "GET" && req.method !== "HEAD") {
    const error = new AppError("method_not_allowed", `${path} supports GET and HEAD.`, {
      headers: { allow: "GET, HEAD" },
    });
    sendError({ req, res, error });
  } else if (path === "/api/health") {
    send(req, res, isStarted ? 200 : 503, isStarted ? "ok" : "starting");
  } else {
    readiness ??= canServe().finally(() => {
      readiness = null;
    });
    void readiness.then(
      (ready) => send(req, res, ready ? 200 : 503, ready ? "ready" : "database unreachable"),
      () => send(req, res, 503, "database unreachable"),
    );
  }
  return true;
}

function send(req: IncomingMessage, res: ServerResponse, status: number, text: string): void {
  if (res.destroyed || res.headersSent) return;
  const body = JSON.stringify({ status: text });
  res.writeHead(status, {
    "content-type": "application/json",
    "content-length": String(body.length),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  res.end(req.method === "HEAD" ? undefined : body);
}
