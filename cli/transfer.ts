import path from "node:path";
import { exportDatabase, importDatabase } from "@/lib/db/transfer";
import { AppError } from "@/lib/errors";
import { audit } from "@/lib/maintenance/audit";
import { sweep } from "@/lib/maintenance/sweep";
import { liveInstances } from "@/lib/instances/heartbeat";
import type { CommandResult } from "./commands";

/** Writes the complete database into a file. Throws while a server uses it, or when its books do not balance. */
export async function exportTo(file: string, resume: boolean): Promise<CommandResult> {
  await checkNoServer("export");
  await sweep();
  const { accounts } = await balanced("The export was not made");
  const documents = await exportDatabase(path.resolve(file), { resume, onProgress });
  return {
    data: { file: path.resolve(file), documents, accounts },
    lines: [
      `${documents} documents of ${accounts} accounts written to ${path.resolve(file)}; the books balance`,
    ],
  };
}

/** Brings such a file into an empty database and checks the books there. */
export async function importFrom(file: string, resume: boolean): Promise<CommandResult> {
  await checkNoServer("import");
  const documents = await importDatabase(path.resolve(file), { resume, onProgress });
  const { accounts } = await balanced("Everything was imported, and");
  return {
    data: { documents, accounts },
    lines: [`${documents} documents of ${accounts} accounts imported; the books balance`],
  };
}

const PROGRESS_EVERY_MS = 2_000;
let reportedAt = performance.now();

/** On stderr: stdout is the command's result. */
function onProgress(documents: number): void {
  if (performance.now() - reportedAt < PROGRESS_EVERY_MS) return;
  reportedAt = performance.now();
  process.stderr.write(`${documents} documents …\n`);
}

async function checkNoServer(verb: string): Promise<void> {
  const live = await liveInstances();
  if (live.size > 0)
    throw new AppError(
      "bad_request",
      `${live.size} server processes use this database: stop them, then ${verb}.`,
    );
}

async function balanced(verb: string): Promise<{ accounts: number }> {
  const { accounts, problems } = await audit();
  if (problems.length > 0)
    throw new AppError("internal", [`${verb}: the books do not balance.`, ...problems].join("\n"));
  return { accounts };
}
