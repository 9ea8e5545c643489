import { usage } from "./collection";

/** How many chat streams a project sent, and how many of them state no usage, so that their cost is estimated. */
export type StreamCounts = { streams: number; estimated: number };

/** The most rows that are read, the newest first. */
export const STREAM_ROWS_MAX = 50_000;

/**
 * The chat streams of an account since an instant, by project, of its newest STREAM_ROWS_MAX requests. `isCut` says whether there
 * were more. Reads the account's index of rows by time.
 */
export async function countChatStreams({
  accountId,
  since,
  rowsMax = STREAM_ROWS_MAX,
}: {
  accountId: string;
  since: Date;
  rowsMax?: number;
}): Promise<{ byProject: Map<string, StreamCounts>; isCut: boolean }> {
  const groups = await usage
    .aggregate<{ _id: string; rows: number } & StreamCounts>([
      { $match: { accountId, at: { $gte: since } } },
      { $sort: { at: -1, _id: -1 } },
      { $limit: rowsMax },
      {
        $project: {
          projectId: 1,
          isStream: {
            $cond: [{ $and: ["$stream", { $eq: ["$endpoint", "chat.completions"] }] }, 1, 0],
          },
          isEstimated: { $cond: [{ $eq: ["$usageSource", "estimated"] }, 1, 0] },
        },
      },
      {
        $group: {
          _id: "$projectId",
          rows: { $sum: 1 },
          streams: { $sum: "$isStream" },
          estimated: { $sum: { $multiply: ["$isStream", "$isEstimated"] } },
        },
      },
    ])
    .toArray();
  return {
    byProject: new Map(groups.map(({ _id, streams, estimated }) => [_id, { streams, estimated }])),
    isCut: groups.reduce((sum, { rows }) => sum + rows, 0) >= rowsMax,
  };
}
