import type { Provider } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { classifyError, providerRecord } from "@/lib/providers";
import { headerText } from "@/lib/providers/stated-wait";
import type { ErrorClass } from "@/lib/providers/schema";
import type { Exchange } from "../exchange";
import type { Endpoint } from "../request/endpoints";
import { callProvider, type UpstreamResponse } from "./call-provider";
import {
  beginRequest,
  cooldownMs,
  endProbes,
  noteConnectionFailure,
  noteError,
  noteSuccess,
  stopMs,
  WAIT_MS,
  type RequestOutcome,
} from "./channel-health";
import type { Channel } from "./channels";
import { upstreamHeaders, upstreamQuery } from "./headers";
import { readError } from "./read-error";
import { providerUnavailable, rateLimited, selectChannels } from "./select-channels";
import {
  ClientDisconnectedError,
  UpstreamConnectionError,
  UpstreamTimeoutError,
} from "./upstream-errors";

/** A response for the client, and the channel that it came through. */
export type UpstreamReply = {
  channel: Channel;
  response: UpstreamResponse;
  /** What the provider charges for its refusal, in nano-credits. */
  fee?: number;
};

type UpstreamRequest = {
  exchange: Pick<Exchange, "query" | "headers" | "client"> & {
    sockets?: Exchange["sockets"] | undefined;
  };
  provider: Provider;
  endpoint?: Endpoint;
  /** The catalog's id; "" for a request that names no model. */
  model: string;
  accountId: string;
  projectId: string;
  path: string;
  method: "POST" | "GET" | "DELETE";
  body: Buffer | null;
  /** The id of the one channel that holds what the request refers to. */
  only?: string | undefined;
  /** By `performance.now()`. */
  deadline: number;
  /** Whether somebody still waits for the response: else no further channel is tried. */
  isWanted?: () => boolean;
};

/**
 * Sends the request to the first channel that takes it. Another one is tried when the connection could not be made, and after a
 * rate limit, a failure of the provider or a problem of our account; never after an error about the request, and never when a
 * connection is interrupted that may have sent the request. What a provider says of our account is restated and names
 * nothing of it.
 */
export async function forward(request: UpstreamRequest): Promise<UpstreamReply> {
  const failures: AttemptFailure[] = [];
  for (const channel of selectChannels(request)) {
    const attempt = await tryChannel(request, channel);
    if ("response" in attempt) return attempt;
    failures.push(attempt);
    if (request.isWanted?.() === false) break;
  }
  return replyFor(failures);
}

type AttemptFailure = { error: AppError; waitMs?: number } | { failedReply: UpstreamReply };

async function tryChannel(
  request: UpstreamRequest,
  channel: Channel,
): Promise<UpstreamReply | AttemptFailure> {
  const outcome = beginRequest({
    channel,
    model: request.model,
    accountId: request.accountId,
    isCostless: request.endpoint?.costless === true,
  });
  try {
    const response = await send(request, channel);
    if (response.statusCode < 400) {
      noteSuccess(outcome);
      return { channel, response };
    }
    const { envelope, forClient } = await readError(channel, response);
    const { statusCode: status, headers } = response;
    const upstreamError = { status, headers, envelope };
    const errorClass = classifyError(request.provider, upstreamError);
    noteError(outcome, errorClass);
    switch (errorClass.kind) {
      case "request":
        return {
          channel,
          response: forClient(),
          fee: providerRecord(request.provider).usage.isChargedRefusal(upstreamError)
            ? providerRecord(request.provider).usage.refusalFee
            : 0,
        };
      case "server":
        return { failedReply: { channel, response: forClient() } };
      case "rate_limit":
        return limitReached(errorClass, headers);
      case "credential":
        return { error: providerUnavailable(unavailableMs(request, channel)) };
    }
  } catch (error) {
    return connectionFailure(error, outcome);
  }
}

const unavailableMs = ({ model, accountId }: UpstreamRequest, channel: Channel): number =>
  Math.max(stopMs(channel), cooldownMs(channel, model, accountId));

function limitReached(
  { waitMs }: Extract<ErrorClass, { kind: "rate_limit" }>,
  headers: UpstreamResponse["headers"],
): AttemptFailure {
  const shouldRetry = headerText(headers, "x-should-retry");
  const wait = waitMs ?? WAIT_MS;
  return {
    waitMs: wait,
    error: rateLimited(wait, {
      ...(waitMs === null ? {} : { "retry-after-ms": String(waitMs) }),
      ...(/^(true|false)$/.test(shouldRetry) ? { "x-should-retry": shouldRetry } : {}),
    }),
  };
}

/** Throws where no other channel may be tried. */
function connectionFailure(error: unknown, outcome: RequestOutcome): AttemptFailure {
  const { channel } = outcome;
  if (error instanceof UpstreamConnectionError) {
    noteConnectionFailure(outcome);
    const clientError = connectionError(error);
    if (error.requestSent) throw clientError;
    return { error: clientError };
  }
  endProbes(channel);
  if (error instanceof ClientDisconnectedError && error.isUnanswered) error.channel = channel.id;
  if (error instanceof UpstreamTimeoutError) {
    error.channel = channel.id;
    // The total time of a request says nothing about the provider; the wait for its headers does.
    if (error.cause !== undefined) noteConnectionFailure(outcome);
    throw timeoutError(error);
  }
  throw error;
}

/** Of several failures the most useful: when to come back, then what the provider said, then that it could not be reached. */
function replyFor(failures: AttemptFailure[]): UpstreamReply {
  const limits = failures.flatMap((failure) =>
    "waitMs" in failure && failure.waitMs !== undefined
      ? { ...failure, waitMs: failure.waitMs }
      : [],
  );
  const [shortest] = limits.toSorted((a, b) => a.waitMs - b.waitMs);
  if (shortest) throw shortest.error;
  for (const failure of failures) if ("failedReply" in failure) return failure.failedReply;
  const errors = failures.flatMap((failure) => ("error" in failure ? failure.error : []));
  throw errors.find(({ code }) => code === "provider_error") ?? errors[0] ?? providerUnavailable(0);
}

function send(
  { exchange, provider, endpoint, path, method, body, deadline }: UpstreamRequest,
  channel: Channel,
): Promise<UpstreamResponse> {
  const compatible = endpoint?.dialect === "openai";
  const call = {
    pool: channel.pool,
    path: `${channel.basePath}${path}${upstreamQuery(exchange.query)}`,
    method,
    headers: upstreamHeaders(exchange, provider, compatible, channel.credential),
    body,
    client: exchange.client,
    deadline,
  };
  return exchange.sockets ? exchange.sockets.call({ channel, ...call }) : callProvider(call);
}

const timeoutError = (cause: UpstreamTimeoutError) =>
  new AppError(
    "timeout",
    "The provider did not respond in time. Stream long responses. What it had used by then is estimated and charged.",
    { cause },
  );

const connectionError = (cause: UpstreamConnectionError) =>
  new AppError(
    "provider_error",
    cause.requestSent
      ? "The connection to the provider was interrupted before it responded. Nothing was charged."
      : "The provider could not be reached. Try again later. Nothing was charged.",
    { cause },
  );
