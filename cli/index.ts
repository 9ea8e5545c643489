import { closeDatabase } from "@/lib/db/client";
import { EnvError } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { migrateProjectKeys } from "@/lib/keys/migrate";
import { logToStderr } from "@/lib/log";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { readCommandLine, USAGE } from "./command-line";
import { COMMANDS, OFFLINE } from "./commands";

async function main(): Promise<number> {
  // Stdout is the command's result.
  logToStderr();
  const line = readCommandLine(process.argv.slice(2), Object.keys(COMMANDS));
  if (line.kind === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = line.kind === "command" ? COMMANDS[line.name] : undefined;
  if (line.kind === "mistake" || !command) {
    process.stderr.write(line.kind === "mistake" ? line.message : USAGE);
    return 2;
  }
  if (!OFFLINE.has(line.name)) {
    await ensureIndexes();
    await migrateProjectKeys();
  }
  const { data, lines, failed: isFailure } = await command(line.options);
  process.stdout.write(line.isJson ? `${JSON.stringify(data)}\n` : `${lines.join("\n")}\n`);
  return isFailure ? 1 : 0;
}

main()
  .catch((error: unknown) => {
    const isExpected =
      error instanceof AppError ||
      error instanceof EnvError ||
      (error instanceof TypeError && "code" in error);
    process.stderr.write(
      `${isExpected && error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  })
  .then(async (code) => {
    await closeDatabase().catch(() => undefined);
    process.exit(code);
  });
