import { findById, listUntold } from "@/lib/accounts/queries";
import { leaseStopMail, markStopMailed } from "@/lib/accounts/top-up";
import type { Account } from "@/lib/accounts/schema";
import { emailConfigured } from "@/lib/email/send";
import { listUnmailed } from "@/lib/ledger/queries";
import { leaseReceipt, markReceiptMailed } from "@/lib/ledger/receipts";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { errorName, log } from "@/lib/log";
import { stoppedTopUpEvent } from "@/lib/webhooks/build-events";
import { tryEmit } from "@/lib/webhooks/emit";
import { mailReceipt, mailRefund, mailTopUpStopped } from "./mails";

async function mailEntry(mail: { account: Account; entry: LedgerEntry }): Promise<void> {
  if (mail.entry.kind === "purchase") await mailReceipt(mail);
  // Nothing is left of a purchase whose dispute was withdrawn before.
  else if (mail.entry.amount !== 0) await mailRefund(mail);
}

/** Mails the receipts and refunds that are due. One that could not be sent, or whose sender was killed, is due again in two minutes. */
export async function mailDueReceipts(now = Date.now()): Promise<void> {
  if (!emailConfigured()) return;
  for (const entry of await listUnmailed(new Date(now))) {
    const { _id: sourceId, accountId } = entry;
    try {
      if (!(await leaseReceipt({ sourceId, now }))) continue;
      const account = await findById(accountId);
      if (account && !account.erasedAt) await mailEntry({ account, entry });
      await markReceiptMailed({ sourceId, at: new Date() });
    } catch (error) {
      log.error("receipt.failed", { accountId, error: errorName(error) });
    }
  }
}

/** Notifies each owner whose automatic top-up stopped, in the same way and by webhook. Where no mail can be sent, it stays due. */
export async function mailDueStops(now = Date.now()): Promise<void> {
  for (const account of await listUntold(new Date(now))) {
    const { _id: accountId, topUp } = account;
    try {
      if (!topUp?.stopped || !(await leaseStopMail({ accountId, now }))) continue;
      await tryEmit(stoppedTopUpEvent(account));
      if (!emailConfigured()) continue;
      await mailTopUpStopped({ account, reason: topUp.stopped.reason });
      await markStopMailed(accountId);
    } catch (error) {
      log.error("top-up.mail.failed", { accountId, error: errorName(error) });
    }
  }
}
