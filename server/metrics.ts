import { now } from "@/lib/clock";
import { createServer, type Server } from "node:http";
import { findOldestHold } from "@/lib/accounts/queries";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { renderMetrics } from "@/lib/metrics";
import { channelStates } from "@/lib/gateway/upstream/channel-states";

/**
 * Serves `/metrics` on a separate port on loopback, where `METRICS_PORT` names one; the second server process of a machine
 * takes the next port, and so on. Returns what stops it.
 */
export function startMetrics(worker: number): () => void {
  const { metricsPort } = env();
  if (metricsPort === null) return () => {};
  const server: Server = createServer((req, res) => {
    if (req.url !== "/metrics") return void res.writeHead(404).end();
    void text()
      .then((body) =>
        res
          .writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" })
          .end(body),
      )
      .catch((error: unknown) => {
        log.error("metrics.failed", { error: errorName(error) });
        res.writeHead(503).end();
      });
  });
  server.on("error", (error) => log.error("metrics.failed", { error: errorName(error) }));
  server.listen(metricsPort + worker, "127.0.0.1");
  return () => void server.close();
}

async function text(): Promise<string> {
  const oldest = await findOldestHold();
  const states = channelStates();
  return renderMetrics([
    {
      name: "onekey_oldest_hold_seconds",
      help: "Age of the oldest open hold, over all servers; 0 when there is none.",
      values: [{ labels: {}, value: oldest === null ? 0 : Math.max(0, (now() - oldest) / 1000) }],
    },
    {
      name: "onekey_channel_stopped",
      help: "1 while a channel is stopped: its credential or account was rejected, or its breaker is open.",
      values: states.flatMap(({ id, stopped: stop, breakerUntil }) => [
        { labels: { channel: id, reason: "credential" }, value: stop ? 1 : 0 },
        { labels: { channel: id, reason: "breaker" }, value: breakerUntil ? 1 : 0 },
      ]),
    },
    {
      name: "onekey_channel_cooldown_models",
      help: "Models of a channel that are in cooldown for at least one account.",
      values: states.map(({ id, cooldowns }) => ({
        labels: { channel: id },
        value: cooldowns.length,
      })),
    },
  ]);
}
