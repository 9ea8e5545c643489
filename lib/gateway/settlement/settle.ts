import type { PlacedHold } from "@/lib/accounts/hold";
import type { Hold } from "@/lib/accounts/schema";
import { settleHolds } from "@/lib/accounts/settle";
import type { Usage } from "@/lib/catalog/schema";
import { recordUnknownModel } from "@/lib/catalog/unknown-models/record";
import { createBatches } from "@/lib/batcher";
import { markUsed } from "@/lib/keys/mark-used";
import { errorName, log } from "@/lib/log";
import { count, observe } from "@/lib/metrics";
import { NANO_PER_CREDIT } from "@/lib/money";
import { recordAll } from "@/lib/usage/record";
import { NO_TOKENS, type EndedBy, type UsageRow } from "@/lib/usage/schema";
import { notePace } from "../meter/pace";
import { persist } from "./persist";
import type { Quote } from "../pricing/quote";

export type ForwardOutcome = {
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
  /** When the hold was placed, on the same clock. */
  heldAt: number;
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
  if (row.keyId !== undefined)
    void markUsed(row.keyId, row.at).catch((error: unknown) =>
      log.warn("key.mark_failed", { error: errorName(error) }),
    );
  notePace(row);
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
const closings = createBatches({ run: closeAll, maxItems: 128, lingerMs: LINGER_MS });
type HoldClosing = { row: UsageRow; hold: Hold };

/** Resolves when every request that has ended so far is settled, or its settlement has failed and will be repeated. */
export const settlesTried = (): Promise<void> => closings.flush();

/** Inserts the rows, then closes each hold by the row that is stored. Idempotent. */
async function closeAll(batch: HoldClosing[]): Promise<(UsageRow | Error)[]> {
  const rows = await recordAll(batch.map(({ row }) => row));
  const closable = batch.flatMap(({ hold }, i) => {
    const row = rows[i];
    return row === undefined || row instanceof Error ? [] : [{ row, hold }];
  });
  const errors = await settleHolds(
    closable.map(({ row, hold }) => ({
      accountId: row.accountId,
      hold,
      cost: row.cost,
      kept: row.free,
      tokens: tokensUsed(row.tokens),
    })),
  );
  const failures = new Map(closable.map(({ row }, i) => [row._id, errors[i]]));
  return batch.map(({ row }, i) => failures.get(row._id) ?? rows[i] ?? row);
}

/** What a request costs by its outcome, in nano-credits. */
export function chargeFor({
  quote,
  held: placedHold,
  outcome: { usage, estimated: isEstimated, fee = 0 },
}: Pick<Settlement, "quote" | "held"> & {
  outcome: Pick<ForwardOutcome, "usage" | "estimated" | "fee">;
}) {
  const heldAmount = placedHold.hold.amount;
  const servedPrice = usage && quote.maxCost > 0 ? quote.served(usage) : null;
  // A refusal's fee may be more than a short request can cost, which is all that was held.
  const exactCost = (servedPrice?.cost ?? 0) + Math.min(fee, heldAmount);
  const cost = isEstimated ? Math.min(exactCost, heldAmount) : exactCost;
  return { served: servedPrice, exactCost, cost };
}

function rowOf({
  requestId,
  held: placedHold,
  quote,
  stream,
  startedAt,
  heldAt,
  outcome,
}: Settlement): UsageRow {
  const { usage, estimated: isEstimated } = outcome;
  const { served: servedPrice, exactCost, cost } = chargeFor({ quote, held: placedHold, outcome });
  if (servedPrice?.isModelUnknown)
    noteUnknownModel({ requestId, quote, servedModel: usage?.model ?? "" });
  const { hold } = placedHold;
  const row: UsageRow = {
    _id: requestId,
    accountId: placedHold.accountId,
    projectId: placedHold.projectId,
    at: new Date(hold.at),
    model: quote.model.id,
    servedModel: servedPrice?.servedModel?.id ?? null,
    provider: quote.model.provider,
    channel: outcome.channel,
    endpoint: hold.endpoint,
    stream,
    status: outcome.status,
    endedBy: outcome.endedBy,
    tokens: usage ? tokensOf(usage) : NO_TOKENS,
    cost,
    free: hold.free && (usage !== null || exactCost > 0),
    latencyMs: Math.round(performance.now() - startedAt),
    firstByteMs: outcome.firstByteMs,
    held: hold.amount,
    ownMs: Math.round(heldAt - startedAt),
    usageSource: isEstimated ? "estimated" : "provider",
    catalogVersion: quote.catalogVersion,
  };
  if (hold.keyId !== undefined) row.keyId = hold.keyId;
  if (usage?.statedCost !== undefined) row.statedCost = usage.statedCost;
  return row;
}

/** What limits of tokens a minute count; reasoning is part of the output. */
const tokensUsed = ({ input, cacheRead, cacheWrite5m, cacheWrite1h, output }: UsageRow["tokens"]) =>
  input + cacheRead + cacheWrite5m + cacheWrite1h + output;
/** A served model without a price: charged as asked, and the operator is notified. */
function noteUnknownModel({
  requestId,
  quote,
  servedModel,
}: Pick<Settlement, "requestId" | "quote"> & { servedModel: string }): void {
  const { id: model, provider } = quote.model;
  log.warn("usage.model_unknown", { requestId, model });
  count("onekey_unknown_served_models_total", { model });
  void recordUnknownModel({ provider, model, servedModel }).catch((error: unknown) =>
    log.error("usage.model_unknown_failed", { requestId, error: errorName(error) }),
  );
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
