import { createBatches } from "@/lib/db/batches";
import { updateEach, type Update } from "@/lib/db/updates";
import { accounts } from "./collection";
import type { Account } from "./schema";

/** The conditional write of one hold: it matches when the key, the limits and the balance allow the request. */
export type HoldWrite = Update<Account> & { accountId: string; requestId: string };

const BATCH_MAX = 64;

/** Places a hold by its own conditional write, sent together with those that arrive at the same time; whether it matched. */
export const writeHold = createBatches({ run: writeAll, most: BATCH_MAX });

async function writeAll(writes: HoldWrite[]): Promise<(boolean | Error)[]> {
  const all = await accounts();
  const { matched, failed } = await updateEach(
    all,
    writes.map(({ filter, update, arrayFilters }) => ({ filter, update, ...(arrayFilters ? { arrayFilters } : {}) })),
  );
  if (matched === 0 || matched === writes.length) return writes.map((_, i) => failed.get(i) ?? matched > 0);
  // Some matched and some did not. A request's id is pushed by its own write alone, so the holds that are there tell which.
  const there = await all
    .find(
      { _id: { $in: [...new Set(writes.map(({ accountId }) => accountId))] } },
      { projection: { "holds.id": 1 }, readPreference: "primary" },
    )
    .toArray();
  const held = new Set(there.flatMap(({ holds }) => holds.map(({ id }) => id)));
  return writes.map(({ requestId }, i) => failed.get(i) ?? held.has(requestId));
}
