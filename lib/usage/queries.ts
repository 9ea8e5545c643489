import { formatCredits } from "@/lib/money";
import { usage } from "./collection";
import type { UsageRow } from "./schema";

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

/** Nano-credits charged by the rows of an account, without those of requests that are still held. */
export async function sumCharged({
  accountId,
  open,
}: {
  accountId: string;
  open: ReadonlySet<string>;
}): Promise<{ cost: number; rows: number }> {
  let cost = 0;
  let rows = 0;
  for await (const row of (await usage()).find({ accountId }, { projection: { cost: 1, free: 1 }, batchSize: 5_000 })) {
    rows++;
    if (!row.free && !open.has(row._id)) cost += row.cost;
  }
  return { cost, rows };
}

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
