import { now } from "@/lib/clock";
import type { ChannelState } from "@/lib/instances/schema";
import { failingAccounts } from "./breaker";
import { cooldownEnd, healthOf } from "./channel-health";
import { channels, type Channel } from "./channels";

const COOLDOWNS_SHOWN_MAX = 20;

/** The state of each channel, for the heartbeat, the operator page and the metrics. */
export const channelStates = (): ChannelState[] => channels().map(stateOf);

function stateOf(channel: Channel): ChannelState {
  const { stop, breaker, cooldowns } = healthOf(channel);
  const time = performance.now();
  /** A time of `performance.now()` as a date; it may be over. */
  const dateOf = (until: number) => new Date(now() + Math.round(until - time));
  return {
    id: channel.id,
    provider: channel.provider,
    stopped: stop && {
      problem: stop.problem,
      since: new Date(stop.since),
      until: dateOf(stop.until),
    },
    breakerUntil: breaker.openUntil > 0 ? dateOf(breaker.openUntil) : null,
    failingAccounts: failingAccounts(breaker, time),
    cooldowns: [...cooldowns]
      .map(([model, cooldown]) => ({ model, until: cooldownEnd(cooldown) }))
      .filter(({ until }) => until > time)
      .toSorted((a, b) => b.until - a.until)
      .slice(0, COOLDOWNS_SHOWN_MAX)
      .map(({ model, until }) => ({ model, until: dateOf(until) })),
  };
}
