import { capStates, isRate, type CapState } from "@/lib/accounts/caps";
import { eachWithCaps } from "@/lib/accounts/queries";
import { takeReached } from "@/lib/accounts/reached-caps";
import { ACCOUNT_SCOPE, heldOfWindow, type Account } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { emailConfigured } from "@/lib/email/send";
import { listKeys } from "@/lib/keys/queries";
import { hasAlert } from "@/lib/limit-alerts/queries";
import { noteRecipients, returnAlert, takeAlert } from "@/lib/limit-alerts/record";
import type { LimitAlert } from "@/lib/limit-alerts/schema";
import { errorName, log } from "@/lib/log";
import { thresholdEvent } from "@/lib/webhooks/build-events";
import { emitEvent } from "@/lib/webhooks/emit";
import { mailThreshold } from "./mails";

const THRESHOLDS = [50, 80, 100] as const;
/** From here on, a request that does not fit means that the limit is reached. */
const REACHED_FROM = 80;

export type ThresholdAlert = Extract<LimitAlert, { kind: "threshold" }>;

/**
 * Notifies each owner once, by mail and webhook, when 50, 80 and 100 % of a credit limit are charged in its window; 100 % also
 * when a request did not fit into what was left. Another window, or another limit, begins again. Safe to run on several servers.
 */
export async function sendThresholdAlerts(now = clock.now()): Promise<void> {
  for await (const account of eachWithCaps()) {
    const reachedCaps = takeReached(account._id);
    for (const state of await creditStates(account, now)) {
      const alerts = alertsOf({ account, state, reached: reachedCaps, now });
      // Of several that are due together only the highest is sent.
      for (const [i, alert] of alerts.entries()) {
        if (await hasAlert(alert._id)) continue;
        const isHighest = i === alerts.length - 1;
        // Before the alert is taken, so that a crash in between loses no event; recording it again changes nothing.
        const event = isHighest ? thresholdEvent(alert, state.scope) : null;
        const webhooks = event ? await emitEvent(event) : 0;
        // One that is switched off is taken too, so that switching it on again mails only what is crossed from then on.
        const isSent = isHighest && !account.mutedAlerts?.includes("threshold");
        const sentTo = { people: 0, webhooks };
        if (!(await takeAlert({ ...alert, isSent, sentTo })) || !isSent || !emailConfigured())
          continue;
        try {
          const { scope, window } = state;
          const heldCredits = heldOfWindow({ holds: account.holds, scope, window, now });
          const people = await mailThreshold({ account, alert, heldCredits });
          await noteRecipients(alert._id, { people, webhooks });
        } catch (error) {
          await returnAlert(alert._id);
          log.error("limit_alert.failed", { accountId: account._id, error: errorName(error) });
        }
      }
    }
  }
}

/** The counted credit limits of an account, its projects and keys. */
async function creditStates(account: Account, now: number): Promise<CapState[]> {
  const hasKeyCaps = account.caps.some(({ id }) => id.startsWith("key_"));
  const keys = hasKeyCaps ? await listKeys({ account, now }) : [];
  const scopes = [
    { scope: ACCOUNT_SCOPE, kind: "account" as const, name: "", limits: account.limits ?? {} },
    ...account.projects.map(({ id, name, limits }) => ({
      scope: id,
      kind: "project" as const,
      name,
      limits,
    })),
    ...keys.map(({ key }) => ({
      scope: key._id,
      kind: "key" as const,
      name: key.name,
      limits: key.limits ?? {},
    })),
  ];
  return scopes
    .flatMap((scope) => capStates({ caps: account.caps, scope, now }))
    .filter((state) => !isRate(state) && state.cap && state.cap.opening === undefined);
}

function alertsOf(input: {
  account: Account;
  state: CapState;
  reached: ReadonlySet<string>;
  now: number;
}): ThresholdAlert[] {
  const { account, state, reached: reachedCaps, now } = input;
  const { scope, kind, name, window, limit, cap, id } = state;
  if (!cap || limit <= 0) return [];
  const usage = limit - cap.left - heldOfWindow({ holds: account.holds, scope, window, now });
  const percent = (usage / limit) * 100;
  const isReached = reachedCaps.has(id) && percent >= REACHED_FROM;
  return THRESHOLDS.filter(
    (threshold) => percent >= threshold || (threshold === 100 && isReached),
  ).map((threshold): ThresholdAlert => ({
    _id: `${account._id}/${id}/${limit}/${threshold}`,
    accountId: account._id,
    at: new Date(now),
    kind: "threshold",
    scope: kind,
    name,
    window,
    percent: threshold,
    used: usage,
    limit,
    isSent: true,
  }));
}
