import type { CredentialProblem, ErrorClass } from "@/lib/providers/schema";
import { now } from "@/lib/clock";
import { log } from "@/lib/log";
import { count } from "@/lib/metrics";
import { createBreaker, noteSending, recordFailure, recordSuccess, type Breaker } from "./breaker";
import type { Channel } from "./channels";

/** Times without another note are of `performance.now()`: a clock that is set neither ends nor prolongs a cooldown. */
type ChannelHealth = {
  stop: ChannelStop | null;
  /** By model id; "" for requests that name none. */
  cooldowns: Map<string, ModelCooldown>;
  breaker: Breaker;
};

/** Our credential was rejected, or our account there has no credits: nothing is sent until `until`, then one request probes. */
type ChannelStop = {
  problem: CredentialProblem;
  /** Epoch milliseconds. */
  since: number;
  /** When it was stopped for the current time: what was sent before says nothing about it. */
  stoppedAt: number;
  until: number;
  stopMs: number;
  probingUntil: number;
};

/**
 * One model on one channel: a rate limit that was met, or a model that our credential does not reach. An account that met the
 * limit waits. The others prefer another channel once a second account met it, and are sent where there is none: no account
 * can make another one wait.
 */
type ModelCooldown = {
  /** Until when, by account; the newest last. */
  byAccount: Map<string, number>;
  closed: { until: number; problem: CredentialProblem } | null;
};

const STOP_MS = 5 * 60_000;
const STOP_MS_MAX = 15 * 60_000;
const PROBE_MS = 30_000;
/** Where a provider states no wait. */
export const WAIT_MS = 5_000;
/** A longer wait is reported to the client, and tried again after this. */
const COOLDOWN_MS_MAX = 10 * 60_000;
const COOLDOWN_ACCOUNTS_MAX = 1_000;
const LIMITED_ACCOUNTS_MIN = 2;

const store = globalThis as typeof globalThis & {
  __onekeyChannelHealth?: Map<string, ChannelHealth>;
};

export function healthOf(channel: Pick<Channel, "id">): ChannelHealth {
  const all = (store.__onekeyChannelHealth ??= new Map());
  let health = all.get(channel.id);
  if (!health) {
    health = { stop: null, cooldowns: new Map(), breaker: createBreaker() };
    all.set(channel.id, health);
  }
  return health;
}

/** Forgets what is known of all channels, for tests. */
export function resetChannelHealth(): void {
  store.__onekeyChannelHealth?.clear();
}

/** How long an account has to wait for a model on a channel, in milliseconds; 0 when it need not. */
export function cooldownMs(channel: Channel, model: string, accountId: string): number {
  const cooldown = healthOf(channel).cooldowns.get(model);
  if (!cooldown) return 0;
  const until = Math.max(cooldown.closed?.until ?? 0, cooldown.byAccount.get(accountId) ?? 0);
  return Math.max(0, until - performance.now());
}

/** Whether our credential does not reach a model on this channel. */
export const isClosed = (channel: Channel, model: string): boolean =>
  (healthOf(channel).cooldowns.get(model)?.closed?.until ?? 0) > performance.now();

/** Whether several accounts met the limit of a model on a channel, which others then avoid where they can. */
export function isLimited(channel: Channel, model: string): boolean {
  const cooldown = healthOf(channel).cooldowns.get(model);
  return cooldown !== undefined && accountsIn(cooldown) >= LIMITED_ACCOUNTS_MIN;
}

/** When the last of a model's cooldowns ends; 0 for none. */
export const cooldownEnd = ({ closed: closedUntil, byAccount }: ModelCooldown): number =>
  Math.max(closedUntil?.until ?? 0, ...byAccount.values());

const accountsIn = ({ byAccount }: ModelCooldown): number =>
  [...byAccount.values()].filter((until) => until > performance.now()).length;

/** How long a channel is stopped for, in milliseconds; 0 when it is not, or its next request probes it. */
export function stopMs(channel: Channel): number {
  const { stop } = healthOf(channel);
  if (!stop) return 0;
  return Math.max(0, stop.until - performance.now(), stop.probingUntil - performance.now());
}

type RequestToSend = {
  channel: Channel;
  model: string;
  accountId: string;
  /** Its endpoint costs nothing: a success says little of the others. */
  isCostless: boolean;
};
export type RequestOutcome = RequestToSend & { sentAt: number };

/** To be called before a request is sent: it may be the probe of a stopped channel. */
export function beginRequest({
  channel,
  model,
  accountId,
  isCostless,
}: RequestToSend): RequestOutcome {
  const { stop, breaker } = healthOf(channel);
  const sentAt = performance.now();
  if (stop && stop.until <= sentAt) stop.probingUntil = sentAt + PROBE_MS;
  noteSending(breaker, sentAt);
  return { channel, model, accountId, isCostless, sentAt };
}

/** The provider responded with a success. */
export function noteSuccess(outcome: RequestOutcome): void {
  const { channel, accountId, isCostless } = outcome;
  const { breaker } = healthOf(channel);
  endStop(outcome, isCostless ? "admitted" : "served");
  if (!isCostless || breaker.openUntil === 0) recordSuccess(breaker, accountId, performance.now());
}

/** A request that was admitted shows that the credential is accepted; only one that was served shows that there are credits. */
function endStop({ channel, sentAt }: RequestOutcome, evidence: "admitted" | "served"): void {
  const health = healthOf(channel);
  const { stop } = health;
  if (!stop) return;
  const isAboutCredits = stop.problem === "no_credits" || stop.problem === "spend_limit";
  if (sentAt > stop.stoppedAt && (evidence === "served" || !isAboutCredits)) health.stop = null;
  else stop.probingUntil = 0;
}

/** The connection failed, or took too long. */
export function noteConnectionFailure({ channel, accountId }: RequestOutcome): void {
  endProbes(channel);
  recordFailure(healthOf(channel).breaker, accountId, performance.now());
  count("onekey_provider_errors_total", { channel: channel.id, kind: "connection" });
}

/** The provider answered with an error of this class. */
export function noteError(outcome: RequestOutcome, error: ErrorClass): void {
  const { channel, accountId } = outcome;
  const health = healthOf(channel);
  count("onekey_provider_errors_total", { channel: channel.id, kind: error.kind });
  switch (error.kind) {
    case "request":
      endStop(outcome, "admitted");
      return endProbes(channel);
    case "rate_limit":
      endStop(outcome, "admitted");
      endProbes(channel);
      return startCooldown(outcome, error.waitMs ?? WAIT_MS);
    case "credential":
      log.error("channel.rejected", {
        channel: channel.id,
        model: outcome.model,
        code: error.problem,
      });
      if (error.scope === "channel") return stopChannel(health, error.problem);
      endProbes(channel);
      return closeModel(outcome, error.problem);
    case "server":
      endProbes(channel);
      return recordFailure(health.breaker, accountId, performance.now());
  }
}

/** A request ended without an outcome, so that the next one may probe. */
export function endProbes(channel: Channel): void {
  const { stop, breaker } = healthOf(channel);
  if (stop) stop.probingUntil = 0;
  breaker.probingUntil = 0;
}

function startCooldown({ channel, model, accountId }: RequestOutcome, waitMs: number): void {
  const { byAccount } = cooldownOf(channel, model);
  const time = performance.now();
  for (const [id, until] of byAccount) if (until <= time) byAccount.delete(id);
  for (const [oldest] of byAccount) {
    if (byAccount.size < COOLDOWN_ACCOUNTS_MAX) break;
    byAccount.delete(oldest);
  }
  byAccount.set(accountId, time + Math.min(waitMs, COOLDOWN_MS_MAX));
}

/** Our credential does not reach a model: for everybody, since no request can change it. */
function closeModel({ channel, model }: RequestOutcome, problem: CredentialProblem): void {
  cooldownOf(channel, model).closed = { until: performance.now() + STOP_MS, problem };
}

function cooldownOf(channel: Channel, model: string): ModelCooldown {
  const { cooldowns } = healthOf(channel);
  let cooldown = cooldowns.get(model);
  if (!cooldown) {
    cooldown = { byAccount: new Map(), closed: null };
    cooldowns.set(model, cooldown);
  }
  return cooldown;
}

/** Again by the same problem after a probe, for twice as long: it is the same episode. */
function stopChannel(health: ChannelHealth, problem: CredentialProblem): void {
  const time = performance.now();
  const { stop } = health;
  if (stop && stop.until > time) return;
  const nextMs = stop ? Math.min(stop.stopMs * 2, STOP_MS_MAX) : STOP_MS;
  health.stop = {
    problem,
    since: stop?.since ?? now(),
    stoppedAt: time,
    until: time + nextMs,
    stopMs: nextMs,
    probingUntil: 0,
  };
}
