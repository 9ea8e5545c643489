import { closeDatabase } from "@/lib/db/client";
import { env } from "@/lib/env";
import { boot } from "@/lib/maintenance/boot";
import { closeChannels } from "@/lib/gateway/upstream/channels";
import { endDrains } from "@/lib/gateway/upstream/drain";
import { startMetrics } from "./metrics";
import { handleNode } from "@/lib/gateway/adapters/node";
import { createSocketGateway } from "@/lib/gateway/adapters/socket";
import { errorName, log, surviveOutputErrors } from "@/lib/log";
import { startPaymentJobs } from "@/lib/payments/jobs";
import { createIngress } from "./ingress/create-ingress";
import { keepRunning } from "./keep-running";
import { startPages } from "./pages";

/** How long the settles of streams that were cut may take: estimating hundreds of them takes a while. */
const SETTLE_MS = 25_000;

/** The Node server: serves /v1 and /v1beta itself and gives every other path to the page thread. */
async function main(): Promise<void> {
  surviveOutputErrors();
  const { host, port, mode, limits } = env();
  const stop = await boot();
  const stopJobs = startPaymentJobs();
  const pages = startPages({ port });
  const stopMetrics = startMetrics(Number(process.argv[2] ?? 0));
  const open = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    const call = work.finally(() => open.delete(call));
    open.add(call);
  };
  const sockets = createSocketGateway(track);
  const server = createIngress({
    pages,
    serveApi: (req, res) => track(handleNode(req, res)),
    serveSocket: (handshake) => track(sockets.accept(handshake)),
  });
  keepRunning();
  server.on("error", (error) => {
    log.error("server.failed", { error: errorName(error), port });
    process.exit(1);
  });
  server.listen(port, host, () => {
    log.info("server.ready", { port, mode });
    process.send?.({ ready: true });
  });

  let stopping = false;
  const shutdown = async () => {
    if (stopping) return;
    stopping = true;
    stopJobs();
    stopMetrics();
    server.close();
    sockets.close();
    server.closeIdleConnections();
    const late = new Promise((resolve) => {
      setTimeout(resolve, limits.shutdownGraceMs).unref();
      // The supervisor's, at a second Ctrl-C.
      process.on("message", resolve);
    });
    await Promise.race([Promise.allSettled(open), late]);
    endDrains();
    server.closeAllConnections();
    await Promise.race([
      Promise.allSettled(open),
      new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref()),
    ]);
    await pages.close();
    // When the parent was killed, the database is gone too: what cannot be written is left to the sweep.
    const outcomes = await Promise.allSettled([stop().then(closeChannels).then(closeDatabase)]);
    process.exit(outcomes.every((outcome) => outcome.status === "fulfilled") ? 0 : 1);
  };
  process.on("SIGTERM", () => void shutdown());
  process.on("SIGINT", () => void shutdown());
  process.on("disconnect", () => void shutdown());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
