import type { Dispatcher } from "undici";
import { AppError } from "@/lib/errors";
import { channelExhausted, channelFailed, channelWorked, pickChannels, type Channel } from "./channels";
import type { Endpoint } from "./endpoints";
import type { Exchange } from "./exchange";
import { upstreamHeaders, upstreamQuery } from "./headers";
import type { Provider } from "@/lib/catalog/schema";

export type Upstream = { channel: Channel; response: Dispatcher.ResponseData };

type Target = {
  exchange: Exchange;
  provider: Provider;
  endpoint?: Endpoint;
  path: string;
  method: "POST" | "GET" | "DELETE";
  body: Buffer | null;
  only?: string;
  signal: AbortSignal;
};

const ERROR_BYTES_MAX = 64 * 1024;

/**
 * Sends the request to the first channel that takes it. Another is tried after a connect error, a 429 or a 5xx, before
 * any byte reaches the client. What the provider says of our own account is said in our words and names nothing of it.
 */
export async function forward(target: Target): Promise<Upstream> {
  let last: AppError | null = null;
  const list = pickChannels(target.provider, target.only);
  for (const [i, channel] of list.entries()) {
    const final = i === list.length - 1;
    try {
      const response = await send(target, channel);
      const verdict = await judge(channel, response, final);
      if (verdict === "pass") return { channel, response };
      last = verdict;
    } catch (error) {
      if (target.signal.aborted) throw error;
      if (error instanceof AppError) throw error;
      channelFailed(channel);
      last = transportError(error);
      if (last.code === "timeout") throw last;
    }
  }
  throw last ?? new AppError("unavailable", "The provider could not be reached.");
}

async function send(
  { exchange, provider, endpoint, path, method, body, signal }: Target,
  channel: Channel,
): Promise<Dispatcher.ResponseData> {
  const compatible = endpoint?.dialect === "openai";
  return channel.pool.request({
    path: `${channel.basePath}${path}${upstreamQuery(exchange.query)}`,
    method,
    headers: upstreamHeaders(exchange, provider, compatible, channel.credential),
    body,
    signal,
  });
}

/** "pass" when the answer is the client's; else the error in our words, with the body read away. */
async function judge(channel: Channel, response: Dispatcher.ResponseData, final: boolean): Promise<"pass" | AppError> {
  const { statusCode: status } = response;
  if (status < 400) {
    channelWorked(channel);
    return "pass";
  }
  if (status === 401 || status === 403) {
    await response.body.dump();
    channelExhausted(channel);
    return new AppError(
      "provider_error",
      "The provider refused this server's own credential: the operator has to mend it. Your key is fine, and nothing was charged.",
    );
  }
  if (status === 429 || status === 402) {
    const text = await readSome(response);
    if (
      status === 402 ||
      /insufficient_quota|billing|credit balance|quota.{0,40}(exceeded|exhausted)|spending limit/i.test(text)
    ) {
      channelExhausted(channel);
      return new AppError(
        "unavailable",
        "This provider is not available through OneKey right now: try again later. Nothing was charged.",
        { headers: { "retry-after": "60" } },
      );
    }
    const wait = response.headers["retry-after"];
    channelFailed(channel);
    return new AppError(
      "rate_limited",
      "The provider limits requests right now: try again later. Nothing was charged.",
      { headers: { "retry-after": typeof wait === "string" && /^\d{1,6}$/.test(wait) ? wait : "5" } },
    );
  }
  if (
    status === 400 &&
    channel.provider === "anthropic" &&
    response.headers["content-length"] !== undefined &&
    Number(response.headers["content-length"]) < 1_024
  ) {
    return judgeBalance(channel, response);
  }
  if (status >= 500) {
    channelFailed(channel);
    if (!final) {
      await response.body.dump();
      return new AppError("provider_error", "The provider failed.");
    }
  }
  return "pass";
}

/** Anthropic says "credit balance is too low" in a 400; any other 400 is put back for the client as it came. */
async function judgeBalance(channel: Channel, response: Dispatcher.ResponseData): Promise<"pass" | AppError> {
  const bytes = Buffer.from(await response.body.arrayBuffer());
  if (bytes.includes("credit balance")) {
    channelExhausted(channel);
    return new AppError(
      "unavailable",
      "This provider is not available through OneKey right now: try again later. Nothing was charged.",
      { headers: { "retry-after": "60" } },
    );
  }
  Object.assign(response, { read: bytes });
  return "pass";
}

async function readSome(response: Dispatcher.ResponseData): Promise<string> {
  let text = "";
  for await (const chunk of response.body) {
    text += String(chunk);
    if (text.length > ERROR_BYTES_MAX) break;
  }
  return text;
}

function transportError(error: unknown): AppError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return new AppError("timeout", "The provider did not answer in time. For long answers, use streaming.", {
      cause: error,
    });
  }
  return new AppError(
    "provider_error",
    "The provider could not be reached, or broke off before it answered. Nothing was charged.",
    { cause: error },
  );
}
