import { usage } from "./collection";
import type { UsageRow } from "./schema";

/** What each key of a project was charged from a moment on (nano-credits), and its requests, by key id. */
export async function keyFigures({
  projectId,
  from,
}: {
  projectId: string;
  from: Date;
}): Promise<Map<string, { cost: number; requests: number }>> {
  const groups = await usage
    .aggregate<{ _id: string | null; cost: number; requests: number }>([
      { $match: { projectId, at: { $gte: from } } },
      {
        $group: {
          _id: "$keyId",
          cost: { $sum: { $cond: ["$free", 0, "$cost"] } },
          requests: { $sum: 1 },
        },
      },
    ])
    .toArray();
  return new Map(groups.map(({ _id, ...figures }) => [_id ?? "", figures]));
}

/** An account's oldest row, of those that have not expired. */
export async function firstRow(accountId: string): Promise<UsageRow | null> {
  return usage.findOne({ accountId }, { sort: { at: 1 } });
}
