import { isDuplicate } from "@/lib/errors";
import { usage } from "./collection";
import type { UsageRow } from "./schema";

/** Inserts a request's one row. Whoever inserts first decides: the row that stands is returned. */
export async function recordUsage(row: UsageRow): Promise<UsageRow> {
  const all = await usage();
  try {
    await all.insertOne(row);
    return row;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const standing = await all.findOne({ _id: row._id });
    if (!standing) throw error;
    return standing;
  }
}
