import { acts } from "./collection";
import type { Act } from "./schema";

/** What operators did last, to one account or to all, the newest first. */
export async function listActs({ accountId, limit }: { accountId?: string; limit: number }): Promise<Act[]> {
  return (await acts())
    .find(accountId === undefined ? {} : { accountId })
    .sort({ at: -1 })
    .limit(limit)
    .toArray();
}
