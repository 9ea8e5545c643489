import { days, usage } from "./collection";
import { DAY_MS, startOfDay } from "./schema";

export type ModelUser = { accountId: string; model: string };

/** Which accounts used which of these models since an instant: closed days from `days`, the last two from rows. */
export async function listModelUsers({
  models,
  since,
  now,
}: {
  models: string[];
  since: Date;
  now: Date;
}): Promise<ModelUser[]> {
  const group = { $group: { _id: { accountId: "$accountId", model: "$model" } } };
  const recent = new Date(startOfDay(now).getTime() - DAY_MS);
  const [closedDays, open] = await Promise.all([
    days
      .aggregate<{ _id: ModelUser }>([
        { $match: { model: { $in: models }, day: { $gte: since } } },
        group,
      ])
      .toArray(),
    usage
      .aggregate<{ _id: ModelUser }>([
        { $match: { model: { $in: models }, at: { $gte: recent } } },
        group,
      ])
      .toArray(),
  ]);
  const users = new Map(
    [...closedDays, ...open].map(({ _id }) => [`${_id.accountId} ${_id.model}`, _id]),
  );
  return [...users.values()];
}
