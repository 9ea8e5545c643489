import cluster from "node:cluster";
import { createServer } from "node:http";
import { clientAddress } from "@/lib/http/client-address";
import { closeDatabase } from "@/lib/db/client";
import { env } from "@/lib/env";
import { boot } from "@/lib/maintenance/boot";
import { closeChannels } from "@/lib/gateway/upstream/channels";
import { startMetrics } from "./metrics";
import { handleNode } from "@/lib/gateway/adapters/node";
import { settlesTried } from "@/lib/gateway/settlement/settle";
import { errorName, log } from "@/lib/log";
import { startPaymentJobs } from "@/lib/payments/jobs";
import { startPages } from "./pages";

/** How long the settles of streams that were cut may take: estimating hundreds of them takes a while. */
const SETTLE_MS = 25_000;

/** The fast door: answers /v1 and /v1beta itself and hands every other path to Next. */
async function main(): Promise<void> {
  const { host, port, mode, limits } = env();
  const stop = await boot();
  const stopJobs = startPaymentJobs();
  const pages = startPages({ host, port });
  const stopMetrics = startMetrics((cluster.worker?.id ?? 1) - 1);
  const open = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    const kept = work.finally(() => open.delete(kept));
    open.add(kept);
  };
  const server = createServer((req, res) => {
    const url = req.url ?? "/";
    if (/^\/(v1|v1beta|upload\/v1beta)(\/|\?|$)/.test(url)) {
      track(handleNode(req, res));
    } else if (url.startsWith("/")) {
      // Next would keep what a client wrote there.
      req.headers["x-forwarded-for"] = clientAddress(req);
      // What lingers of requests that have ended belongs on the pages that tell of them.
      if (url.startsWith("/dashboard")) void settlesTried().then(() => pages.serve(req, res));
      else pages.serve(req, res);
    } else {
      res
        .writeHead(400, { "content-type": "text/plain", connection: "close" })
        .end("Absolute request targets are not served.\n");
    }
  });
  server.headersTimeout = 30_000;
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 75_000;
  server.on("error", (error) => {
    log.error("server.failed", { error: errorName(error), port });
    process.exit(1);
  });
  server.listen(port, host, () => log.info("server.ready", { port, mode }));

  let stopping = false;
  const shutdown = async () => {
    if (stopping) return;
    stopping = true;
    stopJobs();
    stopMetrics();
    server.close();
    server.closeIdleConnections();
    const late = new Promise((resolve) => setTimeout(resolve, limits.shutdownGraceMs).unref());
    await Promise.race([Promise.allSettled(open), late]);
    server.closeAllConnections();
    await Promise.race([
      Promise.allSettled(open),
      new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref()),
    ]);
    await pages.close();
    // When the parent was killed, the database is gone too: what cannot be told to it is left to the sweep.
    const told = await Promise.allSettled([stop().then(closeChannels).then(closeDatabase)]);
    process.exit(told.every((each) => each.status === "fulfilled") ? 0 : 1);
  };
  process.on("SIGTERM", () => void shutdown());
  process.on("SIGINT", () => void shutdown());
  process.on("disconnect", () => void shutdown());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
