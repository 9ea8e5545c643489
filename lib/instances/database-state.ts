import { database, isEmbedded } from "@/lib/db/client";

/** The embedded database: how full its memory is (0 to 1), how many documents and bytes it has. */
export type DatabaseState = { memoryPressure: number; documents: number; bytesOnDisk: number };

/** From here on an operator is warned. New requests are rejected from 0.8, all new data from 0.9. */
export const MEMORY_WARNING = 0.7;

/** Null with a MongoDB server, which has its own monitoring. */
export async function databaseState(): Promise<DatabaseState | null> {
  if (!isEmbedded()) return null;
  const status: { embedded?: DatabaseState } = await (
    await database()
  )
    .admin()
    .command({ serverStatus: 1 });
  return status.embedded ?? null;
}
