import { createHash } from "node:crypto";
import type { Provider } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { failsFor, isOpen } from "./breaker";
import { cooldownMs, healthOf, isClosed, isLimited, stopMs } from "./channel-health";
import { channels, type Channel } from "./channels";

type ChannelQuery = {
  provider: Provider;
  /** The catalog's id; "" for a request that names no model. */
  model: string;
  accountId: string;
  projectId: string;
  /** The one channel that holds what the request refers to. */
  only?: string | undefined;
};

/**
 * The channels to try for a request, in order. A project keeps to one of them while it is healthy (rendezvous hashing), so that
 * prompt caches and encrypted reasoning keep working. Channels whose breaker is open come last, and are used when no other is
 * left. Throws `unavailable` where every channel is stopped, `rate_limited` with the shortest wait where this account met the
 * limit of each.
 */
export function selectChannels(query: ChannelQuery): Channel[] {
  const { provider, model, accountId, projectId, only } = query;
  const configuredChannels = channels().filter(
    (channel) => channel.provider === provider && (only === undefined || channel.id === only),
  );
  if (configuredChannels.length === 0)
    throw new AppError("unavailable", "This provider is not configured on this server.", {
      headers: { "retry-after": "300" },
    });
  const running = configuredChannels.filter((channel) => stopMs(channel) === 0);
  if (running.length === 0) throw providerUnavailable(Math.min(...configuredChannels.map(stopMs)));
  const ready = running.filter((channel) => cooldownMs(channel, model, accountId) === 0);
  if (ready.length === 0) throw inCooldown(running, query);
  if (ready.length === 1) return ready;
  const time = performance.now();
  const rank = (channel: Channel): number => {
    const { breaker } = healthOf(channel);
    if (isOpen(breaker, time)) return 2;
    return isLimited(channel, model) || failsFor(breaker, accountId, time) ? 1 : 0;
  };
  return ready
    .map((channel) => ({ channel, rank: rank(channel), weight: weightOf(channel, projectId) }))
    .toSorted((a, b) => a.rank - b.rank || (a.weight < b.weight ? 1 : -1))
    .map(({ channel }) => channel);
}

/** Rendezvous hashing: a channel that comes or goes moves only the projects that it wins or had. */
const weightOf = ({ fingerprint }: Channel, projectId: string): string =>
  createHash("sha256").update(`${projectId} ${fingerprint}`).digest("hex");

/** What a client gets for any problem of our account: it names nothing of it. */
export const providerUnavailable = (waitMs: number) =>
  new AppError(
    "unavailable",
    "This provider is not available through OneKey right now. Try again later. Nothing was charged.",
    { headers: { "retry-after": secondsOf(waitMs) } },
  );

function inCooldown(running: Channel[], { model, accountId }: ChannelQuery): AppError {
  const wait = Math.min(...running.map((channel) => cooldownMs(channel, model, accountId)));
  return running.every((channel) => isClosed(channel, model))
    ? providerUnavailable(wait)
    : rateLimited(wait);
}

export const rateLimited = (waitMs: number, headers: Record<string, string> = {}) =>
  new AppError(
    "rate_limited",
    "The provider limits requests right now. Try again after the stated time. Nothing was charged.",
    { headers: { "retry-after": secondsOf(waitMs), ...headers } },
  );

/** Rounded up, at least one: a client that comes earlier is only rejected again. */
const secondsOf = (milliseconds: number): string =>
  String(Math.max(1, Math.ceil(milliseconds / 1000)));
