import { usage } from "./collection";
import type { UsageRow } from "./schema";

/** So many rows are looked at; whoever waits for a first row has few. */
const ROWS_MAX = 20;

/** The rows of an account, or of one project or key of it, of requests that began at or after an instant; the oldest first. */
export async function listArrivals({
  accountId,
  projectId,
  keyId,
  since,
}: {
  accountId: string;
  projectId?: string | undefined;
  keyId?: string | undefined;
  since: Date;
}): Promise<UsageRow[]> {
  return usage
    .find({
      accountId,
      at: { $gte: since },
      ...(projectId === undefined ? {} : { projectId }),
      ...(keyId === undefined ? {} : { keyId }),
    })
    .sort({ at: 1, _id: 1 })
    .limit(ROWS_MAX)
    .toArray();
}
