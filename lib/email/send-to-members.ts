import { isTeam, type Account } from "@/lib/accounts/schema";
import { errorName, log } from "@/lib/log";
import { isAllowed, type Permission } from "@/lib/teams/permissions";
import { findTeam } from "@/lib/teams/queries";
import { usersById } from "@/lib/users/queries";
import { sendEmail, type OutgoingEmail } from "./send";

/** The addresses of who in an account has a permission: of a personal account, its user's. */
async function addressesOf(account: Account, permission: Permission): Promise<string[]> {
  if (!isTeam(account)) return [account.email];
  const members = (await findTeam(account._id))?.members ?? [];
  const userIds = members
    .filter(({ role }) => isAllowed(role, permission))
    .map(({ userId }) => userId);
  return [...(await usersById(userIds)).values()].map(({ email }) => email);
}

/**
 * Sends a mail about an account to each who has a permission in it, apart, so that nobody sees the others' addresses. Throws only when
 * nobody got it: a repetition would reach the others twice.
 */
export async function sendToMembers(
  { account, permission }: { account: Account; permission: Permission },
  email: Omit<OutgoingEmail, "to">,
): Promise<void> {
  const failures: unknown[] = [];
  const addresses = await addressesOf(account, permission);
  for (const to of addresses)
    await sendEmail({ ...email, to }).catch((error: unknown) => failures.push(error));
  if (failures.length === 0) return;
  if (failures.length === addresses.length) throw failures[0];
  log.error("email.member_missed", { accountId: account._id, error: errorName(failures[0]) });
}
