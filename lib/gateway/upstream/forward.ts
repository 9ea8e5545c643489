import { AppError } from "@/lib/errors";
import { channelFailed, pickChannels, type Channel } from "./channels";
import type { Endpoint } from "../request/endpoints";
import type { Exchange } from "../exchange";
import { upstreamHeaders, upstreamQuery } from "./headers";
import { callProvider, type Answer } from "./call-provider";
import { judge, type Body } from "./classify-error";
import type { Provider } from "@/lib/catalog/schema";

export type Upstream = { channel: Channel; response: Answer; body: Body };

type Target = {
  exchange: Exchange;
  provider: Provider;
  endpoint?: Endpoint;
  path: string;
  method: "POST" | "GET" | "DELETE";
  body: Buffer | null;
  only?: string;
  deadline: number;
};

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
      if (!(verdict instanceof AppError)) return { channel, response, body: verdict };
      last = verdict;
    } catch (error) {
      if (target.exchange.left.aborted)
        throw isUnanswered(error) ? Object.assign(error, { sentTo: channel.id }) : error;
      if (error instanceof Error && error.name === "TimeoutError") throw tooLate(error);
      if (error instanceof AppError) throw error;
      channelFailed(channel);
      last = transportError(error);
      if (last.code === "timeout") throw last;
    }
  }
  throw last ?? new AppError("unavailable", "The provider could not be reached.");
}

function send(
  { exchange, provider, endpoint, path, method, body, deadline }: Target,
  channel: Channel,
): Promise<Answer> {
  const compatible = endpoint?.dialect === "openai";
  return callProvider({
    pool: channel.pool,
    path: `${channel.basePath}${path}${upstreamQuery(exchange.query)}`,
    method,
    headers: upstreamHeaders(exchange, provider, compatible, channel.credential),
    body,
    left: exchange.left,
    deadline,
  });
}

/** The client left while the provider had the request and had said nothing yet. */
const isUnanswered = (error: unknown): error is Error =>
  error instanceof Error && "isUnanswered" in error && error.isUnanswered === true;

const tooLate = (cause: unknown) =>
  new AppError("timeout", "The provider did not answer in time. For long answers, use streaming.", {
    cause,
  });

function transportError(error: unknown): AppError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return tooLate(error);
  }
  return new AppError(
    "provider_error",
    "The provider could not be reached, or broke off before it answered. Nothing was charged.",
    { cause: error },
  );
}
