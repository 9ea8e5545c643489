import type { PlacedHold } from "@/lib/accounts/hold";
import type { Hold } from "@/lib/accounts/schema";
import { settleHolds } from "@/lib/accounts/settle";
import type { Usage } from "@/lib/catalog/schema";
import { createBatches } from "@/lib/batcher";
import { log } from "@/lib/log";
import { count, observe } from "@/lib/metrics";
import { NANO_PER_CREDIT } from "@/lib/money";
import { recordAll } from "@/lib/usage/record";
import { NO_TOKENS, type EndedBy, type UsageRow } from "@/lib/usage/schema";
import { notePace } from "../meter/pace";
import { persist } from "./persist";
import type { Quote } from "../pricing/quote";

export type Outcome = {
  status: number;
  endedBy: EndedBy;
  channel: string;
  firstByteMs: number | null;
  usage: Usage | null;
  estimated: boolean;
  /** What the provider charges for refusing the request, in nano-credits. */
  fee?: number;
};

export type Settlement = {
  requestId: string;
  held: PlacedHold;
  quote: Quote;
  stream: boolean;
  startedAt: number;
  at: Date;
  outcome: Outcome;
};

/**
 * Writes the one row of a request and closes its hold by it, however often it has to be tried; a hold that outlasts even
 * that is the sweep's.
 */
export const settle = (settlement: Settlement): Promise<void> =>
  close({ row: rowOf(settlement), hold: settlement.held.hold });

/** Given the row and the hold alone, so that nothing else of a request is kept while they wait for others. */
async function close(closing: Closing): Promise<void> {
  const endedAt = performance.now();
  const row = await persist("settle.retried", closing.row._id, () => closings.add(closing));
  const { _id: requestId, model, channel, endpoint, status, endedBy, cost, latencyMs } = row;
  log.info("request.settled", {
    requestId,
    model,
    channel,
    endpoint,
    status,
    endedBy,
    cost,
    latencyMs,
  });
  observe("onekey_settle_seconds", {}, performance.now() - endedAt);
  tally(row);
  notePace(row);
}

function tally({
  model,
  provider,
  endpoint,
  status,
  endedBy,
  tokens,
  cost,
  latencyMs,
  firstByteMs,
}: UsageRow): void {
  count("onekey_requests_total", { endpoint, provider, status: String(status), ended_by: endedBy });
  count("onekey_cost_credits_total", { model }, cost / NANO_PER_CREDIT);
  for (const [kind, number] of Object.entries(tokens))
    if (number > 0) count("onekey_tokens_total", { model, kind }, number);
  observe("onekey_request_seconds", { endpoint }, latencyMs);
  if (firstByteMs !== null) observe("onekey_first_byte_seconds", { endpoint }, firstByteMs);
}

/** Nobody waits for a settle, so each waits a moment for others: what ends together is committed together. */
const LINGER_MS = 20;
const closings = createBatches({ run: closeAll, maxItems: 128, lingerMs: LINGER_MS });
type Closing = { row: UsageRow; hold: Hold };

/** Resolves when every request that has ended so far is settled, or its settle has failed and will be repeated. */
export const settlesTried = (): Promise<void> => closings.flush();

/** Inserts the rows, then closes each hold by the row that stands. Repeated, it changes nothing. */
async function closeAll(ended: Closing[]): Promise<(UsageRow | Error)[]> {
  const rows = await recordAll(ended.map(({ row }) => row));
  const standing = ended.flatMap(({ hold }, i) => {
    const row = rows[i];
    return row === undefined || row instanceof Error ? [] : [{ row, hold }];
  });
  const failed = await settleHolds(
    standing.map(({ row, hold }) => ({
      accountId: row.accountId,
      hold,
      cost: row.cost,
      kept: row.free,
    })),
  );
  const failures = new Map(standing.map(({ row }, i) => [row._id, failed[i]]));
  return ended.map(({ row }, i) => failures.get(row._id) ?? rows[i] ?? row);
}

function rowOf({ requestId, held, quote, stream, startedAt, at, outcome }: Settlement): UsageRow {
  const { usage, estimated } = outcome;
  const served = usage && quote.maxCost > 0 ? quote.served(usage) : null;
  // A refusal's fee may be more than a short request can cost, which is all that was held.
  const exact = (served?.cost ?? 0) + Math.min(outcome.fee ?? 0, held.hold.amount);
  const cost = estimated ? Math.min(exact, held.hold.amount) : exact;
  if (served?.isModelUnknown) {
    log.warn("usage.model_unknown", { requestId, model: quote.model.id });
    count("onekey_unknown_served_models_total", { model: quote.model.id });
  }
  const kept = held.hold.free && (usage !== null || exact > 0);
  return {
    _id: requestId,
    accountId: held.accountId,
    projectId: held.projectId,
    at,
    model: quote.model.id,
    servedModel: served?.servedModel?.id ?? null,
    provider: quote.model.provider,
    channel: outcome.channel,
    endpoint: held.hold.endpoint,
    stream,
    status: outcome.status,
    endedBy: outcome.endedBy,
    tokens: usage ? tokensOf(usage) : NO_TOKENS,
    cost,
    free: kept,
    latencyMs: Math.round(performance.now() - startedAt),
    firstByteMs: outcome.firstByteMs,
    usageSource: estimated ? "estimated" : "provider",
    ...(usage?.statedCost === undefined ? {} : { statedCost: usage.statedCost }),
    catalogVersion: quote.catalogVersion,
  };
}

/** The row's counts: audio and image tokens with the text of their direction, those of other models with the rest. */
export function tokensOf(usage: Usage): UsageRow["tokens"] {
  const counts = { ...NO_TOKENS };
  for (const tokens of [usage, ...(usage.byModel ?? [])]) {
    counts.input +=
      tokens.input + (tokens.inputAudio ?? 0) + (tokens.inputImage ?? 0) + (tokens.inputVideo ?? 0);
    counts.cacheRead +=
      tokens.cacheRead + (tokens.cacheReadAudio ?? 0) + (tokens.cacheReadImage ?? 0);
    counts.cacheWrite5m += tokens.cacheWrite5m;
    counts.cacheWrite1h += tokens.cacheWrite1h;
    counts.output += tokens.output + (tokens.outputAudio ?? 0) + (tokens.outputImage ?? 0);
    counts.reasoning += tokens.reasoning;
  }
  return counts;
}
