import { formatCredits } from "@/lib/money";
import { days, rollUps, usage } from "./collection";
import { DAY_MS, startOfDay, COMPLETE_DAYS, type UsageRow, type TokenCounts } from "./schema";

/**
 * Rows of a project, the newest first, older than `before`. A page does not end within a millisecond, so that the next one,
 * which begins before the last row's time, misses none: it may hold a few rows more than `limit`.
 */
export async function listRows({
  projectId,
  limit,
  before,
}: {
  projectId: string;
  limit: number;
  before?: Date;
}): Promise<{ rows: UsageRow[]; hasMore: boolean }> {
  const rows = await usage
    .find(before ? { projectId, at: { $lt: before } } : { projectId })
    .sort({ at: -1 })
    .limit(limit + 1)
    .toArray();
  const next = rows[limit];
  const last = rows[limit - 1];
  if (next === undefined || last === undefined) return { rows, hasMore: false };
  const page = rows.slice(0, limit);
  if (next.at < last.at) return { rows: page, hasMore: true };
  const sameInstant = page.filter(({ at }) => at.getTime() === last.at.getTime());
  const ids = sameInstant.map(({ _id }) => _id);
  page.push(...(await usage.find({ projectId, at: last.at, _id: { $nin: ids } }).toArray()));
  return {
    rows: page,
    hasMore: (await usage.findOne({ projectId, at: { $lt: last.at } })) !== null,
  };
}

export async function findRow({
  projectId,
  requestId,
}: {
  projectId: string;
  requestId: string;
}): Promise<UsageRow | null> {
  return usage.findOne({ _id: requestId, projectId });
}

/**
 * Nano-credits charged by an account's requests, and their number, without those whose holds are `open`: by frozen days, and
 * by rows after them. `late` is the part of requests that began at or after `since`. `gapBefore` is set when rows may have
 * expired before they were summed up: what they charged is missing.
 */
export async function sumCharged({ accountId, open = [], since }: ChargedOf): Promise<ChargedSum> {
  const state = await (await rollUps()).findOne({ _id: "days" });
  const frozenBefore = state?.frozenBefore ?? new Date(0);
  const expiry = startOfDay(Date.now() - COMPLETE_DAYS * DAY_MS);
  const gapBefore = frozenBefore < expiry ? expiry : state?.gapBefore;
  const chargedCost = { $cond: ["$free", 0, open.length > 0 ? unlessOpen(open) : "$cost"] };
  const late = since ? { $cond: [{ $gte: ["$at", since] }, chargedCost, 0] } : 0;
  const [rows] = await usage
    .aggregate<ChargedTotal>([
      { $match: { accountId, at: { $gte: frozenBefore } } },
      {
        $group: { _id: null, rows: { $sum: 1 }, cost: { $sum: chargedCost }, late: { $sum: late } },
      },
    ])
    .toArray();
  const [frozen] = await days
    .aggregate<ChargedTotal>([
      // Of days that were never frozen, because their rows expired first, nothing counts.
      { $match: { accountId, day: { $lt: frozenBefore }, frozen: true } },
      { $group: { _id: null, rows: { $sum: "$requests" }, cost: { $sum: "$cost" } } },
    ])
    .toArray();
  return {
    cost: (rows?.cost ?? 0) + (frozen?.cost ?? 0),
    rows: (rows?.rows ?? 0) + (frozen?.rows ?? 0),
    late: rows?.late ?? 0,
    ...(gapBefore ? { gapBefore } : {}),
  };
}

type ChargedOf = { accountId: string; open?: { id: string; at: number }[]; since?: Date };
type ChargedSum = { cost: number; rows: number; late: number; gapBefore?: Date };

/** A row's cost, 0 while its hold is open. A row has the instant of its hold, so only the latest are looked up. */
function unlessOpen(open: { id: string; at: number }[]) {
  const first = new Date(Math.min(...open.map(({ at }) => at)));
  const isOpen = { $in: ["$_id", open.map(({ id }) => id)] };
  return { $cond: [{ $lt: ["$at", first] }, "$cost", { $cond: [isOpen, 0, "$cost"] }] };
}

type ChargedTotal = { rows: number; cost: number; late?: number };

/** Token counts in the form in which programs get them. */
export const tokensView = (tokens: TokenCounts) => ({
  input: tokens.input,
  cache_read: tokens.cacheRead,
  cache_write_5m: tokens.cacheWrite5m,
  cache_write_1h: tokens.cacheWrite1h,
  output: tokens.output,
  reasoning: tokens.reasoning,
});

/** A row as the API gives it. */
export function rowView(row: UsageRow) {
  return {
    id: row._id,
    at: row.at.toISOString(),
    user: row.accountId,
    project: row.projectId,
    key: row.keyId ?? null,
    model: row.model,
    ...(row.servedModel ? { served_model: row.servedModel } : {}),
    provider: row.provider,
    endpoint: row.endpoint,
    stream: row.stream,
    status: row.status,
    ended_by: row.endedBy,
    tokens: tokensView(row.tokens),
    cost: formatCredits(row.cost),
    cost_nano: row.cost,
    free: row.free,
    latency_ms: row.latencyMs,
    first_byte_ms: row.firstByteMs,
    usage_source: row.usageSource,
    catalog_version: row.catalogVersion ?? null,
  };
}
