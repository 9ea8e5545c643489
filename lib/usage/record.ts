import { insertEach } from "@/lib/db/updates";
import { isDuplicate } from "@/lib/errors";
import { usage, USAGE } from "./collection";
import type { UsageRow } from "./schema";

/** Inserts a request's one row. Whoever inserts first decides: the row that stands is returned. */
export async function recordUsage(row: UsageRow): Promise<UsageRow> {
  const [standing] = await recordAll([row]);
  if (standing instanceof Error) throw standing;
  return standing ?? row;
}

/**
 * The same for requests that end together, in one command; an `Error` stands in the place of a row that failed. The settling that
 * follows waits for the disk, and the rows with it.
 */
export async function recordAll(rows: UsageRow[]): Promise<(UsageRow | Error)[]> {
  const failures = await insertEach(USAGE, rows, { waitsForDisk: false });
  if (failures.size === 0) return rows;
  const twice = rows.filter((_, i) => isDuplicate(failures.get(i)));
  const standing = await usage
    .find({ _id: { $in: twice.map(({ _id }) => _id) } }, { readPreference: "primary" })
    .toArray();
  const byId = new Map(standing.map((row) => [row._id, row]));
  return rows.map((row, i) => {
    const error = failures.get(i);
    return error === undefined
      ? row
      : ((isDuplicate(error) ? byId.get(row._id) : undefined) ?? error);
  });
}
