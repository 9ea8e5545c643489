import { backUpDatabase, checkDataDirectory, compactDatabase } from "@/lib/db/data-directory";
import type { CommandResult } from "./commands";

/** Checks the data directory; exit status 1 where it is damaged. With a target, writes what can be read there. */
export async function doctor(salvage: string | null): Promise<CommandResult> {
  const { directory, documents, bytes, damages } = await checkDataDirectory(salvage);
  const state =
    damages.length === 0
      ? "no damage"
      : `${damages.length} ${damages.length === 1 ? "damage" : "damages"}`;
  const lines = [`${directory}: ${documents} documents, ${bytes} bytes, ${state}`, ...damages];
  if (salvage !== null)
    lines.push(`Written to ${salvage}. Set ONEKEY_DATA_DIR to use it, then run the audit.`);
  else if (damages.length > 0)
    lines.push(
      "Restore a backup, or write what can be read to a new directory: doctor --salvage <directory>",
    );
  return {
    data: { directory, documents, bytes, damages, salvage },
    lines,
    failed: damages.length > 0,
  };
}

export async function backup(to: string): Promise<CommandResult> {
  const data = await backUpDatabase(to);
  return { data, lines: [`${data.documents} documents written to ${data.directory} and checked`] };
}

export async function compact(): Promise<CommandResult> {
  const data = await compactDatabase();
  return { data, lines: [`${data.bytesBefore} bytes before, ${data.bytesAfter} bytes now`] };
}
