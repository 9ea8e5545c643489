import { createBatches } from "@/lib/db/batches";
import { updateEach, type Update } from "@/lib/db/updates";
import { accounts } from "./collection";
import type { Account, Hold } from "./schema";
import { monthKey, monthOf } from "./windows";

export type Closing = { accountId: string; hold: Hold; cost: number; kept: boolean };

const BATCH_MAX = 64;

/**
 * Closes a hold by what its usage row says. The hold is named in the filter, so a repeated settle changes nothing; a project
 * that was deleted meanwhile loses its counters, never the account its settle. `kept` is false when a free request is given
 * back. Returns whether this call closed it.
 */
export async function settleHold(closing: Closing): Promise<boolean> {
  return (await updateEach(await accounts(), [closingWrite(closing)])).matched === 1;
}

/** The same, sent together with those that end at the same time. */
export const settleTogether = createBatches({ run: settleAll, most: BATCH_MAX });

async function settleAll(closings: Closing[]): Promise<(void | Error)[]> {
  const { failed } = await updateEach(await accounts(), closings.map(closingWrite));
  return closings.map((_, i) => failed.get(i));
}

function closingWrite({ accountId, hold, cost, kept }: Closing): Update<Account> {
  const back = hold.amount - cost;
  const inc: Record<string, number> = hold.free
    ? { "free.credits": back, "free.requests": kept ? 0 : 1 }
    : { credits: back, charged: cost };
  const arrayFilters: Record<string, unknown>[] = [];
  if (!hold.free && cost !== 0) {
    inc[`projects.$[p].spent.${monthKey(hold.at)}`] = cost;
    arrayFilters.push({ "p.id": hold.projectId });
  }
  if (!hold.free && back !== 0) {
    inc["projects.$[m].month.left"] = back;
    arrayFilters.push({ "m.id": hold.projectId, "m.month.at": monthOf(hold.at) });
  }
  return {
    filter: { _id: accountId, "holds.id": hold.id },
    update: { $pull: { holds: { id: hold.id } }, $inc: inc },
    ...(arrayFilters.length > 0 ? { arrayFilters } : {}),
  };
}
