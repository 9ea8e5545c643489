import { usage } from "./collection";
import type { UsageRow } from "./schema";

/** When a project's rows were last written since a moment, such as since its key was made; null when there are none. */
export async function lastUsed({
  projectId,
  since,
}: {
  projectId: string;
  since: Date;
}): Promise<Date | null> {
  const [row] = await (
    await usage()
  )
    .find({ projectId, at: { $gte: since } }, { projection: { at: 1 } })
    .sort({ at: -1 })
    .limit(1)
    .toArray();
  return row?.at ?? null;
}

/** How many requests a project made between two moments. */
export async function countUsed({
  projectId,
  from,
  to,
}: {
  projectId: string;
  from: Date;
  to: Date;
}): Promise<number> {
  return (await usage()).countDocuments({ projectId, at: { $gte: from, $lt: to } });
}

/** An account's oldest row, of those that have not expired. */
export async function firstRow(accountId: string): Promise<UsageRow | null> {
  return (await usage()).findOne({ accountId }, { sort: { at: 1 } });
}
