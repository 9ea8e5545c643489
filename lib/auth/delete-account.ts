import { forgetPersons } from "@/lib/accounts/person-digests";
import { eraseAccount, finishErasure, listClosing } from "@/lib/accounts/erase";
import { eraseNotices } from "@/lib/catalog/notices/record";
import { now } from "@/lib/clock";
import { eraseKeys } from "@/lib/keys/erase";
import { eraseBilling } from "@/lib/ledger/erase";
import { eraseAuditLog } from "@/lib/audit-log/record";
import { eraseAlerts } from "@/lib/limit-alerts/record";
import { eraseManagementKeys } from "@/lib/management-keys/revoke";
import { endAllSessions } from "@/lib/sessions/end";
import { deleteLinks } from "@/lib/sessions/links";
import { unlinkWallets } from "@/lib/wallets/unlink";
import { eraseDeliveries } from "@/lib/webhook-deliveries/record";
import { eraseEndpoints } from "@/lib/webhook-endpoints/remove";

/**
 * Deletes an account: keys off and personal fields erased in one write, then sessions, sign-in links, wallets and the
 * billing details in the ledger. What is left is a tombstone until the last hold is settled, then figures without a name.
 */
export async function deleteAccount(accountId: string): Promise<void> {
  const email = await eraseAccount(accountId);
  if (email === null) return;
  await deleteLinks(email);
  await finishDeletion(accountId);
}

/** Continues deletions that a crash interrupted or that wait for a hold; returns how many are finished. */
export async function finishDeletions(): Promise<number> {
  let count = 0;
  for (const { _id } of await listClosing()) if (await finishDeletion(_id)) count++;
  await forgetPersons(new Date(now()));
  return count;
}

/** Each step may be repeated: what was written meanwhile by a request in flight is erased too. */
async function finishDeletion(accountId: string): Promise<boolean> {
  await endAllSessions(accountId);
  await unlinkWallets(accountId);
  await eraseNotices(accountId);
  await eraseKeys(accountId);
  await eraseAlerts(accountId);
  await eraseAuditLog(accountId);
  await eraseManagementKeys(accountId);
  await eraseEndpoints(accountId);
  await eraseDeliveries(accountId);
  await eraseBilling(accountId);
  return finishErasure(accountId);
}
