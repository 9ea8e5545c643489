import type { IncomingMessage, ServerResponse } from "node:http";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { settlesTried } from "@/lib/gateway/settlement/settle";
import { errorName, log } from "@/lib/log";
import type { PageServer } from "../pages";
import type { ConnectionLimits } from "./connections";
import { pageRequestHeaders } from "./page-request-headers";
import { ClientLeftError, createByteBudget, readPageBody } from "./read-page-body";
import { sendError } from "./send-error";

/** Bytes of bodies kept for Stripe's webhook and schedulers, whatever visitors send. */
const RESERVED_BYTES = 4_194_304;
const WEBHOOK = "/api/stripe/webhook";
const EVENT_LIMIT = { bytesMax: 1_048_576, tooLarge: "An event is at most 1 MiB." };
const WITHOUT_BODY = new Set(["GET", "HEAD", "OPTIONS"]);

type PageVisit = { req: IncomingMessage; res: ServerResponse; path: string; address: string };

/** Serves a request by the page thread, once its body is complete: only then does it take a connection to that thread. */
export function createPageRequests({
  pages,
  connections,
}: {
  pages: PageServer;
  connections: ConnectionLimits;
}): (visit: PageVisit) => void {
  const { ingress, mode, nextauthUrl } = env();
  const budgets = {
    visitors: createByteBudget(ingress.pageBodiesBytesMax),
    programs: createByteBudget(RESERVED_BYTES),
  };
  const pageLimit = {
    bytesMax: ingress.pageBodyBytesMax,
    tooLarge: `The request body is larger than ${Math.floor(ingress.pageBodyBytesMax / 1024)} KiB.`,
  };
  const publicUrl = new URL(nextauthUrl);
  // Next compares Origin with this. In the sandbox the server may be reached under any loopback name.
  const forwardHeaders: Record<string, string> =
    mode === "live"
      ? {
          "x-forwarded-host": publicUrl.host,
          "x-forwarded-proto": publicUrl.protocol.slice(0, -1),
        }
      : {};

  async function serve({ req, res, path, address }: PageVisit): Promise<void> {
    const lane = isForPrograms(path) ? "programs" : "visitors";
    let body: Buffer | null = null;
    if (!WITHOUT_BODY.has(req.method ?? "")) {
      connections.suspend(req);
      const { bytes, release } = await readPageBody(req, {
        ...(path === WEBHOOK ? EVENT_LIMIT : pageLimit),
        timeoutMs: ingress.pageBodyTimeoutMs,
        budget: budgets[lane],
      });
      connections.resume(req);
      if (res.destroyed) return release();
      res.once("close", release);
      body = bytes;
    }
    // A page of the dashboard shows every request that this server has responded to.
    if (path.startsWith("/dashboard")) await settlesTried();
    const headers = pageRequestHeaders(req.headers, {
      "x-forwarded-for": address,
      ...forwardHeaders,
    });
    if (body !== null) headers["content-length"] = String(body.length);
    await pages.serve({
      method: req.method ?? "GET",
      target: req.url ?? "/",
      headers,
      body,
      res,
      lane,
    });
  }

  return (visit) => {
    void serve(visit).catch((error: unknown) => {
      const { req, res } = visit;
      connections.resume(req);
      if (error instanceof ClientLeftError || res.destroyed) return;
      if (error instanceof AppError) {
        const status = error.code === "timeout" ? 408 : error.status;
        return sendError({ req, res, error, status });
      }
      log.error("page.failed", { error: errorName(error) });
      sendError({ req, res, error: new AppError("internal", "Something failed on our side.") });
    });
  };
}

/** Paths that other programs call and that must work while visitors use up what is shared among them. */
function isForPrograms(path: string): boolean {
  return path === WEBHOOK || path.startsWith("/api/cron/");
}
