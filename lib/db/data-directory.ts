import { chmodSync, copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { database, isEmbedded } from "./client";

type CheckedDirectory = { directory: string; documents: number; bytes: number; damages: string[] };

/**
 * Reads the embedded database's data directory completely, while no server uses it, and returns every damage. Changes nothing.
 * With `salvage`, writes what can be read to that new directory.
 */
export async function checkDataDirectory(salvage: string | null): Promise<CheckedDirectory> {
  refuseServer("doctor");
  const { checkStopped, salvageStopped } = await import("@onekey/embedded-mongo");
  const directory = env().dataDir;
  try {
    const target = salvage === null ? null : targetOf(salvage);
    const report =
      target === null ? await checkStopped(directory) : await salvageStopped(directory, target);
    if (target !== null) copySecrets(target);
    return { ...report, directory, damages: report.damages.map(({ message }) => message) };
  } catch (error) {
    const isOwned = error instanceof Error && "code" in error && error.code === "ALREADY_OWNED";
    const message = isOwned
      ? "OneKey is running. Stop it, or use backup, which checks the copy."
      : messageOf(error);
    throw new AppError("bad_request", message, { cause: error });
  }
}

/** Copies the embedded database to a new directory while it is used, and checks the copy. */
export async function backUpDatabase(
  to: string,
): Promise<{ directory: string; documents: number; bytes: number }> {
  refuseServer("backup");
  const directory = targetOf(to);
  await run({ embeddedBackup: 1, to: directory });
  copySecrets(directory);
  // In this process: reading all of it would keep the server's requests waiting.
  const { checkStopped } = await import("@onekey/embedded-mongo");
  const { documents, bytes, damages } = await checkStopped(directory);
  const [damage] = damages;
  if (damage)
    throw new AppError("internal", `The copy is not complete. ${damage.message}`, {
      cause: damage,
    });
  return { directory, documents, bytes };
}

/** Frees the disk space of values that were replaced or deleted. The server does this automatically in smaller steps. */
export async function compactDatabase(): Promise<{ bytesBefore: number; bytesAfter: number }> {
  refuseServer("compact");
  const { bytesBefore, bytesAfter } = await run({ embeddedCompact: 1 });
  return { bytesBefore: Number(bytesBefore), bytesAfter: Number(bytesAfter) };
}

/** A copy is laid out so that ONEKEY_DATA_DIR can name it: each mode has a directory in it. */
const targetOf = (to: string): string => path.resolve(to, env().mode);

/** Without the pepper in this file, no key of the copied database works. */
function copySecrets(target: string): void {
  const [from, to] = [path.join(env().dataDir, "secrets.json"), path.join(target, "secrets.json")];
  if (!existsSync(from)) return;
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}

async function run(command: Record<string, unknown>): Promise<Record<string, unknown>> {
  try {
    return await (await database()).admin().command(command);
  } catch (error) {
    throw new AppError("bad_request", messageOf(error), { cause: error });
  }
}

function refuseServer(verb: string): void {
  if (!isEmbedded())
    throw new AppError(
      "bad_request",
      `${verb} is for the embedded database. With MONGODB_URI, use MongoDB's own tools.`,
    );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
