import { startEmbedded } from "@/lib/db/embedded";
import { env } from "@/lib/env";
import { surviveOutputErrors } from "@/lib/log";

/** The embedded database as a process of its own, so that servers and the CLI join it and may come and go. */
async function main(): Promise<void> {
  surviveOutputErrors();
  const server = await startEmbedded({ dir: env().dataDir });
  process.stdout.write(`${JSON.stringify({ ready: true, socket: server.socketPath })}\n`);
  const stop = () => void server.close().then(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
