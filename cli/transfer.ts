import path from "node:path";
import { exportDatabase, importDatabase } from "@/lib/db/transfer";
import { AppError } from "@/lib/errors";
import { audit } from "@/lib/maintenance/audit";
import { sweep } from "@/lib/maintenance/sweep";
import { liveInstances } from "@/lib/instances/heartbeat";
import type { Result } from "./commands";

/** Writes the whole database into a file, once no server works on it and its books balance. */
export async function exportTo(file: string): Promise<Result> {
  await alone("export");
  await sweep();
  const { accounts } = await balanced("The export was not made");
  const documents = await exportDatabase(path.resolve(file));
  return {
    data: { file: path.resolve(file), documents, accounts },
    lines: [
      `${documents} documents of ${accounts} accounts written to ${path.resolve(file)}; the books balance`,
    ],
  };
}

/** Brings such a file into an empty database and checks the books there. */
export async function importFrom(file: string): Promise<Result> {
  await alone("import");
  const documents = await importDatabase(path.resolve(file));
  const { accounts } = await balanced("Everything was imported, and");
  return {
    data: { documents, accounts },
    lines: [`${documents} documents of ${accounts} accounts imported; the books balance`],
  };
}

async function alone(verb: string): Promise<void> {
  const live = await liveInstances();
  if (live.size > 0)
    throw new AppError(
      "bad_request",
      `${live.size} server processes use this database: stop them, then ${verb}.`,
    );
}

async function balanced(what: string): Promise<{ accounts: number }> {
  const { accounts, problems } = await audit();
  if (problems.length > 0)
    throw new AppError("internal", [`${what}: the books do not balance.`, ...problems].join("\n"));
  return { accounts };
}
