import { accounts } from "./collection";
import type { Hold } from "./schema";
import { monthKey, monthOf } from "./windows";

/**
 * Closes a hold by what its usage row says. The hold is named in the filter, so a repeated settle changes nothing; a project
 * that was deleted meanwhile loses its counters, never the account its settle. `kept` is false when a free request is given
 * back. Returns whether this call closed it.
 */
export async function settleHold(input: {
  accountId: string;
  hold: Hold;
  cost: number;
  kept: boolean;
}): Promise<boolean> {
  const { accountId, hold, cost, kept } = input;
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
  const done = await (
    await accounts()
  ).updateOne(
    { _id: accountId, "holds.id": hold.id },
    { $pull: { holds: { id: hold.id } }, $inc: inc },
    arrayFilters.length > 0 ? { arrayFilters } : {},
  );
  return done.modifiedCount === 1;
}
