import { usage } from "./collection";

const HOUR_MS = 3_600_000;
const SPENDERS_MAX = 1_000;

/** The projects that were charged at least so much (nano-credits) from a moment on. */
export async function listSpenders({
  from,
  atLeast,
}: {
  from: Date;
  atLeast: number;
}): Promise<{ accountId: string; projectId: string; cost: number }[]> {
  const groups = await usage
    .aggregate<{ _id: { accountId: string; projectId: string }; cost: number }>([
      { $match: { at: { $gte: from }, free: false } },
      {
        $group: {
          _id: { accountId: "$accountId", projectId: "$projectId" },
          cost: { $sum: "$cost" },
        },
      },
      { $match: { cost: { $gte: atLeast } } },
      { $limit: SPENDERS_MAX },
    ])
    .toArray();
  return groups.map(({ _id, cost }) => ({ ..._id, cost }));
}

/** What a project was charged in hours (nano-credits), in their order, and when its oldest row since the earliest is from. */
export async function hourSpends({
  projectId,
  hours,
}: {
  projectId: string;
  hours: Date[];
}): Promise<{ since: Date | null; costs: number[] }> {
  const earliest = new Date(Math.min(...hours.map(Number)));
  const latest = new Date(Math.max(...hours.map(Number)) + HOUR_MS);
  const first = await usage.findOne(
    { projectId, at: { $gte: earliest, $lt: latest } },
    { sort: { at: 1 }, projection: { at: 1 } },
  );
  const costs: number[] = [];
  for (const hour of hours) {
    const at = { $gte: hour, $lt: new Date(hour.getTime() + HOUR_MS) };
    const [sum] = await usage
      .aggregate<{ cost: number }>([
        { $match: { projectId, at, free: false } },
        { $group: { _id: null, cost: { $sum: "$cost" } } },
      ])
      .toArray();
    costs.push(sum?.cost ?? 0);
  }
  return { since: first?.at ?? null, costs };
}
