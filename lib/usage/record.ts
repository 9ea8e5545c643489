import { createBatches } from "@/lib/db/batches";
import { asThrown, failedAlone } from "@/lib/db/updates";
import { isDuplicate } from "@/lib/errors";
import { usage } from "./collection";
import type { UsageRow } from "./schema";

const BATCH_MAX = 64;

/**
 * Inserts a request's one row, together with those that end at the same time. Whoever inserts first decides: the row that
 * stands is returned.
 */
export const recordUsage = createBatches({ run: recordAll, most: BATCH_MAX });

async function recordAll(rows: UsageRow[]): Promise<(UsageRow | Error)[]> {
  const all = await usage();
  let failed: ReturnType<typeof failedAlone> = null;
  try {
    await all.insertMany(rows, { ordered: false });
    return rows;
  } catch (error) {
    failed = failedAlone(error);
    if (!failed) throw asThrown(error);
  }
  const twice = rows.filter((_, i) => isDuplicate(failed.get(i)));
  const standing = await all
    .find({ _id: { $in: twice.map(({ _id }) => _id) } }, { readPreference: "primary" })
    .toArray();
  const byId = new Map(standing.map((row) => [row._id, row]));
  return rows.map((row, i) => {
    const error = failed.get(i);
    return error === undefined ? row : ((isDuplicate(error) ? byId.get(row._id) : undefined) ?? error);
  });
}
