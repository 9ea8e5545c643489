import type { PlacedHold } from "@/lib/accounts/hold";
import { env } from "@/lib/env";
import { NO_USAGE, type Usage } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { rememberIds } from "@/lib/stored-responses/ids";
import type { Endpoint } from "../request/endpoints";
import { headerOf, type ClientConnection, type Exchange } from "../exchange";
import { completeBody } from "./call-provider";
import { drainAfter } from "./drain";
import { forward, type UpstreamReply } from "./forward";
import { channelOfUnanswered } from "./upstream-errors";
import { clientHeaders, upstreamPath } from "./headers";
import { estimateUsage } from "../meter/estimate";
import { createUsageReader, type UsageReader } from "../meter/reader";
import { channelOfReferences, hasReferences } from "../request/parse";
import { imagesSent, type Quote } from "../pricing/quote";
import {
  announceCost,
  costHeader,
  limitHeaders,
  maxCostHeader,
  takesTrailers,
} from "../response/own-headers";
import { relay } from "../response/relay";
import type { Scan } from "../body-scan";
import { chargeFor, type ForwardOutcome } from "../settlement/settle";
import { contextTokens } from "../socket/context-tokens";
import { createUsageFilter, isExactUsageOn, addUsageOption } from "../response/stream-usage";

type ProxiedRequest = {
  exchange: Exchange;
  requestId: string;
  endpoint: Endpoint;
  scan: Scan;
  body: Buffer;
  quote: Quote;
  held: PlacedHold;
  startedAt: number;
};

/**
 * Sends a held request to its provider and the response to the client, and returns how it ended and what it used. Never
 * throws, so that every hold is settled: an error for the client is returned next to the outcome.
 */
export async function proxyRequest(
  request: ProxiedRequest,
): Promise<{ outcome: ForwardOutcome; error?: unknown }> {
  const { exchange, endpoint, scan, body, quote, held: placedHold } = request;
  const drain = drains(request)
    ? drainAfter({ accountId: placedHold.accountId, left: exchange.client })
    : null;
  const failure = (error: unknown): { outcome: ForwardOutcome; error: unknown } => ({
    outcome: {
      status: error instanceof AppError ? error.status : 499,
      endedBy: exchange.client.aborted ? "client_left" : "refused",
      channel: "none",
      firstByteMs: null,
      usage: null,
      estimated: false,
    },
    error,
  });
  try {
    const only = hasReferences(scan)
      ? await channelOfReferences({ accountId: placedHold.accountId, scan })
      : undefined;
    const path = upstreamPath(quote.model.provider, endpoint);
    const bodyWithUsage = isExactUsageOn({ exchange, projectSetting: placedHold.exactStreamUsage })
      ? addUsageOption({
          body,
          scan,
          endpoint: endpoint.name,
          contentEncoding: headerOf(exchange, "content-encoding"),
        })
      : null;
    const upstream = await forward({
      exchange: {
        query: exchange.query,
        // A compressed response could not be filtered.
        headers: bodyWithUsage
          ? { ...exchange.headers, "accept-encoding": "identity" }
          : exchange.headers,
        client: drain?.departure ?? exchange.client,
        sockets: exchange.sockets,
      },
      isWanted: () => !exchange.client.aborted,
      provider: quote.model.provider,
      endpoint,
      model: quote.model.id,
      accountId: placedHold.accountId,
      projectId: placedHold.projectId,
      path,
      method: "POST",
      body: bodyWithUsage ?? body,
      deadline: deadlineOf(request),
      only,
    });
    const hasUsageOption = bodyWithUsage !== null;
    return {
      outcome: await relayResponse(request, { upstream, hasUsageOption, drain: drain?.departure }),
    };
  } catch (error) {
    const { outcome } = failure(error);
    return { outcome: { ...outcome, ...(await estimateUnansweredUsage(request, error)) }, error };
  } finally {
    drain?.end();
  }
}

/** Whether the provider goes on anyway when its connection is closed: it does not stream, or runs tools. */
const drains = ({ scan, quote }: ProxiedRequest): boolean =>
  quote.maxCost > 0 && (!scan.stream || quote.tools !== null);

const deadlineOf = ({ startedAt }: ProxiedRequest) => startedAt + env().limits.totalTimeoutMs;

/**
 * What had been used when the client left, or the time was up, before the response began: the provider was working on the
 * request. Nothing where it was never sent.
 */
async function estimateUnansweredUsage(
  request: ProxiedRequest,
  error: unknown,
): Promise<Partial<ForwardOutcome>> {
  const channel = channelOfUnanswered(error);
  if (channel === null) return {};
  const { endpoint, quote } = request;
  const reader = createUsageReader({
    endpoint: endpoint.name,
    provider: quote.model.provider,
    contentType: "",
  });
  const isTimeout = !request.exchange.client.aborted;
  return {
    ...(isTimeout ? { endedBy: "timeout" } : {}),
    channel,
    usage: await estimateMissingUsage(request, reader),
    estimated: true,
  };
}

async function relayResponse(
  request: ProxiedRequest,
  {
    upstream,
    hasUsageOption,
    drain,
  }: { upstream: UpstreamReply; hasUsageOption: boolean; drain: ClientConnection | undefined },
): Promise<ForwardOutcome> {
  const { channel, response } = upstream;
  const { exchange, requestId, endpoint, scan, quote, held: placedHold, startedAt } = request;
  const status = response.statusCode;
  const headers = clientHeaders(response.headers, requestId);
  Object.assign(headers, maxCostHeader(placedHold.maxCost));
  if (placedHold.minute) Object.assign(headers, limitHeaders(placedHold.minute));
  const text = (name: string) => headerOf({ headers: response.headers }, name);
  const contentEncoding = text("content-encoding");
  const contentType = text("content-type") ?? "";
  const isPlain = (contentEncoding ?? "identity") === "identity";
  const isPlainStream = isPlain && contentType.startsWith("text/event-stream");
  const filter = hasUsageOption && isPlainStream ? createUsageFilter() : undefined;
  if (filter) delete headers["content-length"];
  const reader =
    status < 200 || status >= 300
      ? null
      : createUsageReader({
          endpoint: endpoint.name,
          provider: quote.model.provider,
          contentType,
          contentEncoding,
          // Only a model with a price per character is charged by them.
          characters: quote.rates.perCharacter === undefined ? undefined : scan.characters,
          inputImages: quote.rates.perInputImage === undefined ? undefined : imagesSent(scan),
          imageModel: quote.tools?.drawing?.model.id,
          callsPerResponse: quote.model.callsPerResponse,
          longCache: scan.longCache,
        });
  // What has arrived to its end is read before the head is sent, which can then state the cost.
  const complete = reader && !scan.stream && isPlain ? response.body.takeComplete() : null;
  if (complete) {
    reader?.push(complete);
    reader?.end();
  }
  const completeUsage = complete && reader ? reader.usage() : null;
  const fee = reader === null && quote.maxCost > 0 ? (upstream.fee ?? 0) : 0;
  const costOf = ({ usage, estimated }: MeteredUsage) =>
    costHeader(chargeFor({ quote, held: placedHold, outcome: { usage, estimated, fee } }).cost);
  /** Known from here on, or read once the response is over. */
  let meteredUsage: MeteredUsage | Promise<MeteredUsage> | null =
    reader === null || completeUsage ? { usage: completeUsage, estimated: false } : null;
  if (meteredUsage) Object.assign(headers, costOf(meteredUsage));
  const usageOf = () => (meteredUsage ??= readUsage(request, reader));
  const hasTrailer = !complete && reader !== null && takesTrailers(exchange);
  if (hasTrailer) announceCost(headers);
  if (!exchange.client.aborted) exchange.head(status, headers);
  const { endedBy, firstByteMs } = await relay({
    exchange,
    drain,
    filter,
    startedAt,
    body: complete ? completeBody(complete) : response.body,
    reader: complete ? null : reader,
    trailers: hasTrailer ? async () => costOf(await usageOf()) : undefined,
    deadline: deadlineOf(request),
  });
  const { usage, estimated } = await usageOf();
  const outcome = { status, endedBy, channel: channel.id, firstByteMs, usage, estimated };
  if (reader === null)
    return { ...outcome, endedBy: endedBy === "complete" ? "provider_error" : endedBy, fee };
  const ids = reader.responseIds();
  // The client has the response: a failure from here on is logged, and the request is still charged.
  if (ids.length > 0)
    await rememberIds({ accountId: placedHold.accountId, channel: channel.id, ids }).catch(
      logMeteringError(requestId),
    );
  if (ids[0] && outcome.usage && !outcome.estimated)
    exchange.sockets?.noteContext(ids[0], contextTokens(scan, outcome.usage));
  const isRefused = outcome.usage === null && endedBy === "complete";
  return isRefused ? { ...outcome, endedBy: "provider_error" } : outcome;
}

type MeteredUsage = Pick<ForwardOutcome, "usage" | "estimated">;

/** What a response used: as it states, else by an estimate; nothing where it is an error. */
async function readUsage(
  request: ProxiedRequest,
  reader: UsageReader | null,
): Promise<MeteredUsage> {
  await reader?.settled();
  const usage = reader?.usage() ?? null;
  if (reader === null || usage || reader.refused()) return { usage, estimated: false };
  return { usage: await estimateMissingUsage(request, reader), estimated: true };
}

/** Estimates the usage of a response that stated none. */
async function estimateMissingUsage(
  { requestId, endpoint, scan, body, quote, startedAt }: ProxiedRequest,
  reader: UsageReader,
): Promise<Usage> {
  const estimate = await estimateUsage({
    model: quote.model,
    endpoint: endpoint.name,
    scan,
    body,
    reader,
    startedAt,
    tools: quote.tools,
  }).catch(logMeteringError(requestId));
  const usage = estimate ?? {
    ...NO_USAGE,
    input: Math.ceil(scan.textBytes / 4),
    output: Math.ceil(reader.visibleChars() / 4),
  };
  return { ...usage, input: usage.input + (scan.previousTokens ?? 0) };
}

const logMeteringError = (requestId: string) => (error: unknown) =>
  log.error("metering.failed", { requestId, error: errorName(error) });
