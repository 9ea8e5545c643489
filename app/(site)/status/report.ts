import { now } from "@/lib/clock";
import { listIncidents } from "@/lib/incidents/queries";
import type { Incident } from "@/lib/incidents/schema";
import type { ChannelState } from "@/lib/instances/schema";
import { canServe, listChannelStates } from "@/lib/instances/heartbeat";
import { errorName, log } from "@/lib/log";
import { providerName } from "@/lib/providers";
import { readHealth, type HealthLevel, type SubjectHealth } from "./health";
import { readPayments, type PaymentHealth } from "./payments";

/** Why channels of a provider are skipped. */
export type CooldownReason = "rate limit" | "errors" | "account";

/** Channels of a provider that are in cooldown, for all its models or for one. */
export type ProviderCooldown = {
  provider: string;
  /** Null where it holds for every model. */
  model: string | null;
  reason: CooldownReason;
  cooling: number;
  channels: number;
  until: Date;
};

export type StatusReport = {
  at: Date;
  /** Whether the database answers, so that a request could be admitted. */
  ready: boolean;
  /** The figures are of this time; older than `at` where they could not be read since. */
  figuresAt: Date | null;
  health: SubjectHealth[];
  payments: PaymentHealth | null;
  cooldowns: ProviderCooldown[];
  incidents: Incident[];
  summary: { level: HealthLevel; title: string; text: string };
};

const FRESH_MS = 15_000;
const INCIDENTS_MAX = 20;
type HealthFigures = Pick<StatusReport, "health" | "payments" | "cooldowns" | "incidents"> & {
  figuresAt: Date;
};
const store = globalThis as typeof globalThis & {
  __onekeyStatus?: { figures: HealthFigures; readAt: number };
};

/** What the status page shows. The figures are read at most every 15 s, and the last ones are kept when they cannot be. */
export async function statusReport(): Promise<StatusReport> {
  const ready = await canServe();
  const figures = ready ? await freshFigures() : (store.__onekeyStatus?.figures ?? null);
  const latest = figures ?? {
    figuresAt: null,
    health: [],
    payments: null,
    cooldowns: [],
    incidents: [],
  };
  return { at: new Date(now()), ready, ...latest, summary: summaryOf({ ready, ...latest }) };
}

async function freshFigures(): Promise<HealthFigures | null> {
  const cachedReport = store.__onekeyStatus;
  if (cachedReport && performance.now() - cachedReport.readAt < FRESH_MS)
    return cachedReport.figures;
  try {
    const [health, payments, cooldowns, incidents] = await Promise.all([
      readHealth(),
      readPayments(),
      readCooldowns(),
      listIncidents({ limit: INCIDENTS_MAX }),
    ]);
    const figures = { figuresAt: new Date(now()), health, payments, cooldowns, incidents };
    store.__onekeyStatus = { figures, readAt: performance.now() };
    return figures;
  } catch (error) {
    log.error("status.failed", { error: errorName(error) });
    return cachedReport?.figures ?? null;
  }
}

type SkippedModel = Pick<ProviderCooldown, "provider" | "model" | "reason" | "until"> & {
  channel: string;
};

/** The channels that any process skips, by provider, model and reason, until the last of them is used again. */
async function readCooldowns(): Promise<ProviderCooldown[]> {
  const states = (await listChannelStates()).flat();
  const skippedModels = states.flatMap(skippedBy).filter(({ until }) => until.getTime() > now());
  const keyOf = ({ provider, model, reason }: SkippedModel) =>
    JSON.stringify([provider, model, reason]);
  return [...new Set(skippedModels.map(keyOf))].flatMap((key) => {
    const group = skippedModels.filter((entry) => keyOf(entry) === key);
    const [first] = group;
    if (!first) return [];
    const { provider, model, reason } = first;
    const all = states.filter((state) => state.provider === provider).map(({ id }) => id);
    return [
      {
        provider,
        model,
        reason,
        cooling: new Set(group.map(({ channel }) => channel)).size,
        channels: new Set(all).size,
        until: new Date(Math.max(...group.map(({ until }) => until.getTime()))),
      },
    ];
  });
}

function skippedBy({
  id,
  provider,
  stopped,
  breakerUntil,
  cooldowns,
}: ChannelState): SkippedModel[] {
  const of = (reason: CooldownReason, until: Date, model: string | null = null): SkippedModel => ({
    channel: id,
    provider,
    model,
    reason,
    until,
  });
  return [
    ...(stopped === null ? [] : [of("account", stopped.until)]),
    ...(breakerUntil === null ? [] : [of("errors", breakerUntil)]),
    ...cooldowns.map(({ model, until }) => of("rate limit", until, model)),
  ];
}

function summaryOf({
  ready,
  health,
  incidents,
}: Pick<StatusReport, "ready" | "health" | "incidents">): StatusReport["summary"] {
  if (!ready)
    return {
      level: "down",
      title: "OneKey cannot admit requests",
      text: "Its database does not answer. Requests get a 503 with Retry-After and are not charged.",
    };
  const [open] = incidents.filter(({ endedAt }) => endedAt === null);
  if (open) return { level: "degraded", title: open.title, text: `Affected: ${open.affected}.` };
  const bad = health.filter(({ level }) => level === "degraded" || level === "down");
  const firstBad = bad.find(({ level }) => level === "down") ?? bad[0];
  if (!firstBad)
    return { level: "up", title: "All systems operational", text: "There is no open incident." };
  const name = firstBad.subject === "onekey" ? "OneKey" : providerName(firstBad.subject);
  return {
    level: firstBad.level,
    title: `${name} returns more errors than usual`,
    text: "Requests that fail are not charged.",
  };
}
