import { eraseAccount, finishErasure, keepDigests, listClosing } from "@/lib/accounts/erase";
import { forgetPersons, personDigests } from "@/lib/accounts/person-digests";
import type { AuditDetails } from "@/lib/audit-log/record";
import { eraseAuditLog } from "@/lib/audit-log/record";
import { eraseNotices } from "@/lib/catalog/notices/record";
import { now } from "@/lib/clock";
import { eraseKeys } from "@/lib/keys/erase";
import { eraseBilling } from "@/lib/ledger/erase";
import { eraseAlerts } from "@/lib/limit-alerts/record";
import { eraseManagementKeys } from "@/lib/management-keys/revoke";
import { endAllSessions } from "@/lib/sessions/end";
import { deleteLinks } from "@/lib/sessions/links";
import { eraseTeam } from "@/lib/teams/create";
import { eraseUser } from "@/lib/users/erase";
import { unlinkWallets } from "@/lib/wallets/unlink";
import { eraseDeliveries } from "@/lib/webhook-deliveries/record";
import { eraseEndpoints } from "@/lib/webhook-endpoints/remove";
import { leaveAllTeams } from "./teams";
import { findUser } from "./users";

/**
 * Deletes an account, with its user when it is a personal one: keys off and personal fields erased in one write, then user,
 * sessions, sign-in links, members, wallets and the billing details in the ledger. What is left is a tombstone until the last hold
 * is settled, then figures without a name. `origin` is from where, for the audit logs of the user's teams. Throws bad_request, and deletes nothing, for the only owner of a team.
 */
export async function deleteAccount(
  accountId: string,
  origin: Pick<AuditDetails, "address" | "client"> = { address: "", client: "" },
): Promise<void> {
  const user = await findUser(accountId);
  if (user) await leaveAllTeams(user, origin);
  const email = await eraseAccount({ accountId, digests: user ? personDigests(user) : [] });
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
  // A sign-in method that was linked at the last moment belongs in the digests.
  await eraseUser(accountId, (user) => keepDigests({ accountId, digests: personDigests(user) }));
  await endAllSessions(accountId);
  await eraseTeam(accountId);
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
