import { armAlert, disarmAlert } from "@/lib/accounts/alert";
import { eachWithAlert } from "@/lib/accounts/queries";
import { balanceOf } from "@/lib/accounts/schema";
import { emailConfigured } from "@/lib/email/send";
import { errorName, log } from "@/lib/log";
import { now } from "@/lib/clock";
import { lowBalanceEvent } from "@/lib/webhooks/build-events";
import { emitEvent } from "@/lib/webhooks/emit";
import { mailLowBalance } from "./mails";

/**
 * Notifies each owner once when the balance falls below the amount they set, by mail and webhook, and again only after it was back
 * above it.
 */
export async function sendLowBalanceAlerts(): Promise<void> {
  for await (const account of eachWithAlert()) {
    const { _id: accountId, alert } = account;
    if (!alert) continue;
    const { threshold } = alert;
    const low = balanceOf(account) < threshold;
    if (!low) {
      if (!alert.armed) await armAlert({ accountId, threshold });
      continue;
    }
    if (!alert.armed) continue;
    // Before the alert is taken, so that a crash in between loses no event; recording it again changes nothing.
    await emitEvent(lowBalanceEvent(account, threshold, new Date(now())));
    if (!(await disarmAlert({ accountId, threshold }))) continue;
    if (!emailConfigured()) continue;
    try {
      await mailLowBalance({ account, balance: balanceOf(account), threshold });
    } catch (error) {
      await armAlert({ accountId, threshold });
      log.error("alert.failed", { accountId, error: errorName(error) });
    }
  }
}
