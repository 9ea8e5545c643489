import { operatorActions } from "./collection";
import type { OperatorAction } from "./schema";

/** What operators did, to one account or to all, the newest first; `before` is the action that a page ended with. */
export async function listOperatorActions({
  accountId,
  before,
  limit,
}: {
  accountId?: string;
  before?: Pick<OperatorAction, "_id" | "at"> | undefined;
  limit: number;
}): Promise<OperatorAction[]> {
  const older =
    before === undefined
      ? {}
      : { $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: before._id } }] };
  return operatorActions
    .find({ ...(accountId === undefined ? {} : { accountId }), ...older })
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .toArray();
}
