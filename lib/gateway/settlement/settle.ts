import type { Held } from "@/lib/accounts/hold";
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

export type ForwardOutcome = {
  status: number;
  endedBy: EndedBy;
  channel: string;
  firstByteMs: number | null;
  usage: Usage | null;
  estimated: boolean;
};

export type Settlement = {
  requestId: string;
  held: Held;
  quote: Quote;
  stream: boolean;
  startedAt: number;
  at: Date;
  outcome: ForwardOutcome;
};

/** Writes the one usage row of a request and closes its hold, with retries. The sweep closes a hold that is still open after them. */
export const settle = (settlement: Settlement): Promise<void> =>
  close({ row: rowOf(settlement), hold: settlement.held.hold });

/** Takes only the row and the hold, so that nothing else of a request is kept in memory while they wait for their batch. */
async function close(closing: HoldClosing): Promise<void> {
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
  countRequest(row);
}

function countRequest({
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

/** No client waits for a settlement, so each waits this long for others, which are committed together. */
const LINGER_MS = 20;
const closings = createBatches({ run: closeAll, most: 128, lingerMs: LINGER_MS });
type HoldClosing = { row: UsageRow; hold: Hold };

/** Resolves when every request that has ended so far is settled, or its settlement has failed and will be repeated. */
export const settlesTried = (): Promise<void> => closings.flush();

/** Inserts the rows, then closes each hold by the row that is stored. Idempotent. */
async function closeAll(batch: HoldClosing[]): Promise<(UsageRow | Error)[]> {
  const rows = await recordAll(batch.map(({ row }) => row));
  const recorded = batch.flatMap(({ hold }, i) => {
    const row = rows[i];
    return row === undefined || row instanceof Error ? [] : [{ row, hold }];
  });
  const errors = await settleHolds(
    recorded.map(({ row, hold }) => ({
      accountId: row.accountId,
      hold,
      cost: row.cost,
      kept: row.free,
    })),
  );
  const failures = new Map(recorded.map(({ row }, i) => [row._id, errors[i]]));
  return batch.map(({ row }, i) => failures.get(row._id) ?? rows[i] ?? row);
}

function rowOf({ requestId, held, quote, stream, startedAt, at, outcome }: Settlement): UsageRow {
  const { usage, estimated } = outcome;
  const exactCost = usage && quote.worst > 0 ? costAsServed(quote, usage) : 0;
  const cost = estimated ? Math.min(exactCost, held.hold.amount) : exactCost;
  const usesFreeRequest = held.hold.free && usage !== null;
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
    free: usesFreeRequest,
    latencyMs: Math.round(performance.now() - startedAt),
    firstByteMs: outcome.firstByteMs,
    usageSource: estimated ? "estimated" : "provider",
    ...(usage?.statedCost === undefined ? {} : { statedCost: usage.statedCost }),
    catalogVersion: quote.catalogVersion,
  };
}

/** Where the provider states that it served a cheaper tier than was requested, that tier is charged; a more expensive one changes nothing. */
function costAsServed({ rates, ratesServed }: Quote, usage: Usage): number {
  const requestedCost = costOf({ rates, usage });
  const servedRates = usage.serviceTier === undefined ? null : ratesServed(usage.serviceTier);
  return servedRates && servedRates !== rates
    ? Math.min(requestedCost, costOf({ rates: servedRates, usage }))
    : requestedCost;
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
