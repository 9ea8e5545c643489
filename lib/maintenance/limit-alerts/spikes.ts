import { findById } from "@/lib/accounts/queries";
import * as clock from "@/lib/clock";
import { emailConfigured } from "@/lib/email/send";
import { hasAlert } from "@/lib/limit-alerts/queries";
import { noteRecipients, returnAlert, takeAlert } from "@/lib/limit-alerts/record";
import type { LimitAlert } from "@/lib/limit-alerts/schema";
import { errorName, log } from "@/lib/log";
import { NANO_PER_CREDIT } from "@/lib/money";
import { hourSpends, listSpenders } from "@/lib/usage/hours";
import { spikeEvent } from "@/lib/webhooks/build-events";
import { emitEvent } from "@/lib/webhooks/emit";
import { mailSpike } from "./mails";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FACTOR = 4;
/** Days whose same hour says what is usual, and how many of them a project must have been used on. */
const DAYS = 14;
const DAYS_MIN = 3;

export type SpikeAlert = Extract<LimitAlert, { kind: "spike" }>;

/**
 * Notifies an owner, by mail and webhook, when a project's current hour costs at least one credit and more than four times the median of the same hour
 * on the 14 days before. A project that is used for less than three days has no usual hour. One alert a day and project.
 */
export async function sendSpikeAlerts(now = clock.now()): Promise<void> {
  const hour = now - (now % HOUR_MS);
  const spenders = await listSpenders({ from: new Date(hour), atLeast: NANO_PER_CREDIT });
  for (const { accountId, projectId, cost } of spenders) {
    const usual = await usualHour({ projectId, hour });
    if (usual === null || cost <= FACTOR * usual) continue;
    const account = await findById(accountId);
    if (!account || account.erasedAt) continue;
    const isSent = !account.mutedAlerts?.includes("spike");
    const day = new Date(hour).toISOString().slice(0, 10);
    const alert: SpikeAlert = {
      _id: `${accountId}/${projectId}/spike/${day}`,
      accountId,
      at: new Date(now),
      kind: "spike",
      name: account.projects.find(({ id }) => id === projectId)?.name ?? "",
      used: cost,
      hour: new Date(hour),
      usual,
      isSent,
    };
    if (await hasAlert(alert._id)) continue;
    // Before the alert is taken, so that a crash in between loses no event; recording it again changes nothing.
    const webhooks = await emitEvent(spikeEvent(alert, projectId));
    const sentTo = { people: 0, webhooks };
    if (!(await takeAlert({ ...alert, sentTo })) || !isSent || !emailConfigured()) continue;
    try {
      const people = await mailSpike({ account, alert, projectId });
      await noteRecipients(alert._id, { people, webhooks });
    } catch (error) {
      await returnAlert(alert._id);
      log.error("limit_alert.failed", { accountId, error: errorName(error) });
    }
  }
}

/** The median cost of an hour of the day (nano-credits) since the project's first use; null where that is too short. */
async function usualHour(input: { projectId: string; hour: number }): Promise<number | null> {
  const { projectId, hour } = input;
  const { since, costs } = await hourSpends({
    projectId,
    hours: Array.from({ length: DAYS }, (_, i) => new Date(hour - (i + 1) * DAY_MS)),
  });
  if (since === null) return null;
  const days = Math.min(DAYS, Math.floor((hour - since.getTime()) / DAY_MS) + 1);
  if (days < DAYS_MIN) return null;
  const ascending = costs.slice(0, days).toSorted((a, b) => a - b);
  const middle = Math.floor(days / 2);
  const upper = ascending[middle] ?? 0;
  return days % 2 === 1 ? upper : Math.round((upper + (ascending[middle - 1] ?? 0)) / 2);
}
