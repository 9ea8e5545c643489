import type { Hold } from "./schema";
import { accounts } from "./collection";

/**
 * Closes a hold by what its usage row says. The hold is named in the filter, so a repeated settle changes nothing.
 * `kept` is false when a free request is given back. Returns whether this call closed it.
 */
export async function settleHold(input: {
  accountId: string;
  hold: Hold;
  cost: number;
  kept: boolean;
}): Promise<boolean> {
  const { accountId, hold, cost, kept } = input;
  const inc: Record<string, number> = hold.free
    ? { "free.credits": hold.amount - cost, "free.requests": kept ? 0 : 1 }
    : { credits: hold.amount - cost, charged: cost };
  const back = hold.amount - cost;
  const all = await accounts();
  const filter = { _id: accountId, "holds.id": hold.id };
  const pull = { $pull: { holds: { id: hold.id } } };
  if (hold.month === 0 || back === 0) return (await all.updateOne(filter, { ...pull, $inc: inc })).modifiedCount === 1;
  const done = await all.updateOne(
    filter,
    { ...pull, $inc: { ...inc, "projects.$[p].month.left": back } },
    { arrayFilters: [{ "p.id": hold.projectId, "p.month.at": hold.month }] },
  );
  return done.modifiedCount === 1;
}
