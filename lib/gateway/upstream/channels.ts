import { Pool } from "undici";
import type { Provider } from "@/lib/catalog/schema";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { ChannelState } from "@/lib/instances/schema";
import { count } from "@/lib/metrics";

/** One credential at one provider. */
export type Channel = {
  id: string;
  provider: Provider;
  credential: string;
  origin: string;
  basePath: string;
  pool: Pool;
};

/** `restsUntil` is a time of `performance.now()`: a clock that is set neither wakes a channel nor keeps it asleep. */
type State = { failures: number; restsUntil: number };

const store = globalThis as typeof globalThis & {
  __onekeyChannels?: Channel[];
  __onekeyChannelStates?: Map<string, State>;
  __onekeyTurn?: number;
};

const FAILURES_MAX = 3;
const REST_MS = 20_000;
const QUOTA_REST_MS = 5 * 60_000;

/** All configured channels; a pool per provider is shared by its channels. */
export function channels(): Channel[] {
  store.__onekeyChannels ??= Object.entries(env().providers).flatMap(([name, settings]) => {
    const provider = name as Provider;
    if (settings.keys.length === 0) return [];
    const base = new URL(settings.baseUrl);
    const { headerTimeoutMs, idleTimeoutMs } = env().limits;
    const pool = new Pool(base.origin, {
      connections: 512,
      headersTimeout: headerTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      connect: { timeout: 10_000 },
      allowH2: false,
    });
    const basePath = base.pathname.replace(/\/$/, "");
    return settings.keys.map((credential, i) => ({
      id: `${provider}-${i + 1}`,
      provider,
      credential,
      origin: base.origin,
      basePath,
      pool,
    }));
  });
  return store.__onekeyChannels;
}

function state(channel: Channel): State {
  const states = (store.__onekeyChannelStates ??= new Map());
  const found = states.get(channel.id) ?? { failures: 0, restsUntil: 0 };
  states.set(channel.id, found);
  return found;
}

/** The channels of a provider in the order to try: those awake, turn by turn. With all at rest, an `unavailable` says for how long. */
export function pickChannels(provider: Provider, only?: string): Channel[] {
  const all = channels().filter(
    (channel) => channel.provider === provider && (only === undefined || channel.id === only),
  );
  if (all.length === 0)
    throw new AppError("unavailable", "This provider is not configured on this server.", {
      headers: { "retry-after": "300" },
    });
  const now = performance.now();
  const awake = all.filter((channel) => state(channel).restsUntil <= now);
  if (awake.length === 0) {
    const wait = Math.max(
      1,
      Math.ceil((Math.min(...all.map((channel) => state(channel).restsUntil)) - now) / 1000),
    );
    throw new AppError(
      "unavailable",
      "This provider is not available through OneKey right now: try again later.",
      {
        headers: { "retry-after": String(wait) },
      },
    );
  }
  const turn = (store.__onekeyTurn = ((store.__onekeyTurn ?? 0) + 1) % 1_000_000) % awake.length;
  return [...awake.slice(turn), ...awake.slice(0, turn)];
}

/** How each channel fares, for the heartbeat. */
export function channelStates(): ChannelState[] {
  return channels().map((channel) => {
    const { failures, restsUntil } = state(channel);
    const rests = restsUntil - performance.now();
    return {
      id: channel.id,
      provider: channel.provider,
      failures,
      restsUntil: rests > 0 ? new Date(now() + rests) : null,
    };
  });
}

export const isResting = (channel: Channel): boolean =>
  state(channel).restsUntil > performance.now();

export function channelWorked(channel: Channel): void {
  state(channel).failures = 0;
}

/** A channel that keeps failing rests for a while; with a single channel, resting would only turn errors into refusals. */
export function channelFailed(channel: Channel): void {
  const found = state(channel);
  found.failures++;
  count("onekey_provider_errors_total", { channel: channel.id, kind: "failed" });
  const others = channels().some(
    (other) => other.provider === channel.provider && other.id !== channel.id,
  );
  if (found.failures >= FAILURES_MAX && others) found.restsUntil = performance.now() + REST_MS;
}

/** Our account there is out of quota, or refused: the channel rests. */
export function channelExhausted(channel: Channel): void {
  state(channel).restsUntil = performance.now() + QUOTA_REST_MS;
  count("onekey_provider_errors_total", { channel: channel.id, kind: "exhausted" });
}

export async function closeChannels(): Promise<void> {
  const pools = new Set((store.__onekeyChannels ?? []).map((channel) => channel.pool));
  store.__onekeyChannels = undefined;
  await Promise.all([...pools].map((pool) => pool.close()));
}
