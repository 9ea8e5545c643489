import { formatCredits } from "@/lib/money";
import { days, rollUps, usage } from "./collection";
import { DAY_MS, startOfDay, WHOLE_DAYS, type UsageRow } from "./schema";

export async function listRows({
  projectId,
  limit,
  before,
}: {
  projectId: string;
  limit: number;
  before?: Date;
}): Promise<UsageRow[]> {
  const filter = before ? { projectId, at: { $lt: before } } : { projectId };
  return (await usage()).find(filter).sort({ at: -1 }).limit(limit).toArray();
}

export async function findRow({
  projectId,
  requestId,
}: {
  projectId: string;
  requestId: string;
}): Promise<UsageRow | null> {
  return (await usage()).findOne({ _id: requestId, projectId });
}

/**
 * Nano-credits charged by an account's requests, and their number, without those that are still held: by frozen days, and
 * by rows after them. `gapBefore` is set when rows may have expired before they were summed up: what they charged is missing.
 */
export async function sumCharged({
  accountId,
  open,
}: {
  accountId: string;
  open: ReadonlySet<string>;
}): Promise<{ cost: number; rows: number; gapBefore?: Date }> {
  const state = await (await rollUps()).findOne({ _id: "days" });
  const frozenBefore = state?.frozenBefore ?? new Date(0);
  const expired = startOfDay(Date.now() - WHOLE_DAYS * DAY_MS);
  const gapBefore = frozenBefore < expired ? expired : state?.gapBefore;
  const total = { _id: null, rows: { $sum: 1 }, cost: { $sum: { $cond: ["$free", 0, "$cost"] } } };
  const [rows] = await (
    await usage()
  )
    .aggregate<Charged>([{ $match: { accountId, at: { $gte: frozenBefore } } }, { $group: total }])
    .toArray();
  const [frozen] = await (
    await days()
  )
    .aggregate<Charged>([
      // Of days that were never frozen, because their rows expired first, nothing counts.
      { $match: { accountId, day: { $lt: frozenBefore }, frozen: true } },
      { $group: { _id: null, rows: { $sum: "$requests" }, cost: { $sum: "$cost" } } },
    ])
    .toArray();
  const held = await (
    await usage()
  )
    .find({ _id: { $in: [...open] }, free: false }, { projection: { cost: 1 } })
    .toArray();
  const waiting = held.reduce((sum, row) => sum + row.cost, 0);
  return {
    cost: (rows?.cost ?? 0) + (frozen?.cost ?? 0) - waiting,
    rows: (rows?.rows ?? 0) + (frozen?.rows ?? 0),
    ...(gapBefore ? { gapBefore } : {}),
  };
}

type Charged = { rows: number; cost: number };

/** A row as the API gives it. */
export function rowView(row: UsageRow) {
  const { tokens } = row;
  return {
    id: row._id,
    at: row.at.toISOString(),
    user: row.accountId,
    project: row.projectId,
    model: row.model,
    provider: row.provider,
    endpoint: row.endpoint,
    stream: row.stream,
    status: row.status,
    ended_by: row.endedBy,
    tokens: {
      input: tokens.input,
      cache_read: tokens.cacheRead,
      cache_write_5m: tokens.cacheWrite5m,
      cache_write_1h: tokens.cacheWrite1h,
      output: tokens.output,
      reasoning: tokens.reasoning,
    },
    cost: formatCredits(row.cost),
    cost_nano: row.cost,
    free: row.free,
    latency_ms: row.latencyMs,
    first_byte_ms: row.firstByteMs,
    usage_source: row.usageSource,
  };
}
