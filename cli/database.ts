import { DamagedDataError, MovedDirectoryError, startEmbedded } from "@onekey/embedded-mongo";
import { recordShapes } from "@/lib/db/command-shapes";
import { env } from "@/lib/env";
import { surviveOutputErrors } from "@/lib/log";
import { PERMANENT_EXIT } from "@/server/supervisor/exit-codes";

/** The embedded database as a separate process, so that servers and the CLI join it and may come and go. */
async function main(): Promise<void> {
  surviveOutputErrors();
  const { dataDir, databaseSync, interleaving, recordCommands } = env();
  const onCommand = recordCommands === undefined ? undefined : recordShapes(recordCommands);
  const server = await startEmbedded({
    dir: dataDir,
    sync: databaseSync,
    interleaving,
    onCommand,
    onFatal: end,
  });
  process.stdout.write(`${JSON.stringify({ ready: true, socket: server.socketPath })}\n`);
  const stop = () => void server.close().then(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

/**
 * Whoever started this process reads the reason; what the database needs is in its files. A start after a directory was moved would
 * begin an empty database in its place.
 */
function end(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof DamagedDataError)
    process.stderr.write(
      "Restore a backup, or run `npm run -s onekey -- doctor`; `doctor --salvage <directory>` writes what can be read.\n",
    );
  if (error instanceof MovedDirectoryError)
    process.stderr.write("Move it back, or set ONEKEY_DATA_DIR to where it is now.\n");
  const isPermanent = error instanceof DamagedDataError || error instanceof MovedDirectoryError;
  process.exit(isPermanent ? PERMANENT_EXIT : 1);
}

main().catch(end);
