import type { PlacedHold } from "@/lib/accounts/hold";
import type { Hold } from "@/lib/accounts/schema";
import { settleHolds } from "@/lib/accounts/settle";
import { costOf } from "@/lib/catalog/cost";
import type { Usage } from "@/lib/catalog/schema";
import { createBatches } from "@/lib/batcher";
import { log } from "@/lib/log";
import { count, observe } from "@/lib/metrics";
import { NANO_PER_CREDIT } from "@/lib/money";
import { recordAll } from "@/lib/usage/record";
import { NO_TOKENS, type EndedBy, type UsageRow } from "@/lib/usage/schema";
import { persist } from "./persist";
import type { Quote } from "../pricing/quote";

export type Outcome = {
  status: number;
  endedBy: EndedBy;
  channel: string;
  firstByteMs: number | null;
  usage: Usage | null;
  estimated: boolean;
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
  const exact = usage && quote.worst > 0 ? costAsServed(quote, usage) : 0;
  const cost = estimated ? Math.min(exact, held.hold.amount) : exact;
  const kept = held.hold.free && usage !== null;
  return {
    _id: requestId,
    accountId: held.accountId,
    projectId: held.projectId,
    at,
    model: quote.model.id,
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

/** A provider that served a cheaper tier than was asked for, and says so, is charged at that; a dearer one changes nothing. */
function costAsServed({ rates, ratesServed }: Quote, usage: Usage): number {
  const asked = costOf({ rates, usage });
  const served = usage.serviceTier === undefined ? null : ratesServed(usage.serviceTier);
  return served && served !== rates ? Math.min(asked, costOf({ rates: served, usage })) : asked;
}

/** The row's buckets: audio and image tokens are counted with the text of their direction. */
export function tokensOf(usage: Usage): UsageRow["tokens"] {
  return {
    input:
      usage.input + (usage.inputAudio ?? 0) + (usage.inputImage ?? 0) + (usage.inputVideo ?? 0),
    cacheRead: usage.cacheRead + (usage.cacheReadAudio ?? 0) + (usage.cacheReadImage ?? 0),
    cacheWrite5m: usage.cacheWrite5m,
    cacheWrite1h: usage.cacheWrite1h,
    output: usage.output + (usage.outputAudio ?? 0) + (usage.outputImage ?? 0),
    reasoning: usage.reasoning,
  };
}
