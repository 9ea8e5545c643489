import { now } from "@/lib/clock";
import type { PlacedHold } from "@/lib/accounts/hold";
import { env } from "@/lib/env";
import { NO_USAGE, type Usage } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import { rememberIds } from "@/lib/stored-responses/ids";
import type { Endpoint } from "../request/endpoints";
import { headerOf, type Departure, type Exchange } from "../exchange";
import { drainAfter } from "./drain";
import { forward, type UpstreamReply } from "./forward";
import { ClientDisconnectedError, UpstreamTimeoutError } from "./upstream-errors";
import { clientHeaders, upstreamPath } from "./headers";
import { estimateUsage } from "../meter/estimate";
import { createUsageReader, type UsageReader } from "../meter/reader";
import { channelOfReferences } from "../request/parse";
import type { Quote } from "../pricing/quote";
import { relay } from "../response/relay";
import type { Scan } from "../body-scan";
import type { Outcome } from "../settlement/settle";
import { createUsageFilter, isExactUsageOn, withUsageAsked } from "../response/stream-usage";

type Carried = {
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
 * Sends a held request to its provider and the answer to the client, and says how it ended and what it used. Never throws,
 * so that every hold is settled: an error for the client comes beside the outcome.
 */
export async function exchangeWithProvider(
  carried: Carried,
): Promise<{ outcome: Outcome; error?: unknown }> {
  const { exchange, endpoint, scan, body, quote, held } = carried;
  const drain = drains(carried)
    ? drainAfter({ accountId: held.accountId, left: exchange.left })
    : null;
  const refused = (error: unknown): { outcome: Outcome; error: unknown } => ({
    outcome: {
      status: error instanceof AppError ? error.status : 499,
      endedBy: exchange.left.aborted ? "client_left" : "refused",
      channel: "none",
      firstByteMs: null,
      usage: null,
      estimated: false,
    },
    error,
  });
  try {
    const only = await channelOfReferences({ accountId: held.accountId, scan });
    const path = upstreamPath(quote.model.provider, endpoint);
    const asked = isExactUsageOn({ exchange, projectSetting: held.exactStreamUsage })
      ? withUsageAsked({
          body,
          scan,
          endpoint: endpoint.name,
          contentEncoding: headerOf(exchange, "content-encoding"),
        })
      : null;
    const upstream = await forward({
      exchange: {
        ...exchange,
        left: drain?.departure ?? exchange.left,
        // A compressed answer could not be filtered.
        headers: asked ? { ...exchange.headers, "accept-encoding": "identity" } : exchange.headers,
      },
      isWanted: () => !exchange.left.aborted,
      provider: quote.model.provider,
      endpoint,
      model: quote.model.id,
      accountId: held.accountId,
      projectId: held.projectId,
      path,
      method: "POST",
      body: asked ?? body,
      deadline: deadlineOf(carried),
      ...(only ? { only } : {}),
    });
    const usageAsked = asked !== null;
    return {
      outcome: await passOn(carried, { upstream, usageAsked, drain: drain?.departure }),
    };
  } catch (error) {
    const { outcome } = refused(error);
    return { outcome: { ...outcome, ...(await usedWhileWaiting(carried, error)) }, error };
  } finally {
    drain?.end();
  }
}

/** Whether the provider goes on anyway when its connection is closed: it does not stream, or runs tools. */
const drains = ({ scan, quote }: Carried): boolean =>
  quote.maxCost > 0 && (!scan.stream || quote.tools !== null);

const deadlineOf = ({ startedAt }: Carried) => startedAt + env().limits.totalTimeoutMs;

/**
 * What had been used when the client left, or the time was up, before the response began: the provider was working on the
 * request. Nothing where it was never sent.
 */
async function usedWhileWaiting(carried: Carried, error: unknown): Promise<Partial<Outcome>> {
  const channel = channelOfUnanswered(error);
  if (channel === null) return {};
  const { endpoint, quote } = carried;
  const reader = createUsageReader({
    endpoint: endpoint.name,
    provider: quote.model.provider,
    contentType: "",
  });
  const isTimeout = !carried.exchange.left.aborted;
  return {
    ...(isTimeout ? { endedBy: "timeout" } : {}),
    ...{ channel, usage: await guess(carried, reader), estimated: true },
  };
}

function channelOfUnanswered(error: unknown): string | null {
  if (error instanceof ClientDisconnectedError) return error.channel;
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause instanceof UpstreamTimeoutError ? cause.channel : null;
}

async function passOn(
  carried: Carried,
  {
    upstream,
    usageAsked,
    drain,
  }: { upstream: UpstreamReply; usageAsked: boolean; drain: Departure | undefined },
): Promise<Outcome> {
  const { channel, response } = upstream;
  const { exchange, requestId, endpoint, scan, quote, held, startedAt } = carried;
  const status = response.statusCode;
  const headers = clientHeaders(response.headers, requestId);
  if (held.minute) Object.assign(headers, limitHeaders(held.minute));
  const text = (name: string) => headerOf({ headers: response.headers }, name);
  const contentEncoding = text("content-encoding");
  const contentType = text("content-type") ?? "";
  const isPlainStream =
    contentType.startsWith("text/event-stream") && (contentEncoding ?? "identity") === "identity";
  const filter = usageAsked && isPlainStream ? createUsageFilter() : undefined;
  if (filter) delete headers["content-length"];
  const reader =
    status < 200 || status >= 300
      ? null
      : createUsageReader({
          endpoint: endpoint.name,
          provider: quote.model.provider,
          contentType,
          contentEncoding,
          // Elsewhere they say nothing of the cost.
          characters: quote.rates.perCharacter === undefined ? undefined : scan.characters,
          longCache: scan.longCache,
        });
  if (!exchange.left.aborted) exchange.head(status, headers);
  const { endedBy, firstByteMs } = await relay({
    ...{ exchange, body: response.body, reader, drain, filter, startedAt },
    deadline: deadlineOf(carried),
  });
  const outcome: Outcome = {
    status,
    endedBy,
    channel: channel.id,
    firstByteMs,
    usage: null,
    estimated: false,
  };
  if (!reader) {
    if (endedBy === "complete") outcome.endedBy = "provider_error";
    return { ...outcome, fee: quote.maxCost > 0 ? (upstream.fee ?? 0) : 0 };
  }
  await reader.settled();
  const ids = reader.responseIds();
  // The answer has passed: whatever fails from here on is logged, and the request is charged all the same.
  if (ids.length > 0)
    await rememberIds({ accountId: held.accountId, channel: channel.id, ids }).catch(
      failed(requestId),
    );
  outcome.usage = reader.usage();
  if (outcome.usage) return outcome;
  if (reader.refused())
    return { ...outcome, endedBy: endedBy === "complete" ? "provider_error" : endedBy };
  return { ...outcome, usage: await guess(carried, reader), estimated: true };
}

/** The usage of an answer that stated none. */
async function guess(
  { requestId, endpoint, scan, body, quote, startedAt }: Carried,
  reader: UsageReader,
): Promise<Usage> {
  const estimate = await estimateUsage({
    ...{ model: quote.model, endpoint: endpoint.name, scan, body, reader, startedAt },
    tools: quote.tools,
  }).catch(failed(requestId));
  return (
    estimate ?? {
      ...NO_USAGE,
      input: Math.ceil(scan.textBytes / 4),
      output: Math.ceil(reader.visibleChars() / 4),
    }
  );
}

const failed = (requestId: string) => (error: unknown) =>
  log.error("metering.failed", { requestId, error: errorName(error) });

function limitHeaders({
  limit,
  left,
  resetAt,
}: NonNullable<PlacedHold["minute"]>): Record<string, string> {
  return {
    "x-ratelimit-limit-requests": String(limit),
    "x-ratelimit-remaining-requests": String(left),
    "x-ratelimit-reset-requests": `${Math.max(0, Math.ceil((resetAt - now()) / 1000))}s`,
  };
}
