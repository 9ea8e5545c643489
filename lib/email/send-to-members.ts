import { isTeam, type Account } from "@/lib/accounts/schema";
import { errorName, log } from "@/lib/log";
import { isAllowed, type Permission } from "@/lib/teams/permissions";
import { findTeam } from "@/lib/teams/queries";
import { usersById } from "@/lib/users/queries";
import type { MailTopic } from "@/lib/users/schema";
import { MAIL_TOPICS, wantsEmail } from "./mail-topics";
import { sendEmail, type OutgoingEmail } from "./send";

/**
 * Who gets a mail about an account: those with a permission, whatever they chose, or those who can get the mails of a topic and
 * want them.
 */
type MailAudience = {
  account: Account;
  /** The ids of the only users, or of the one user not, to get it. */
  only?: string[] | undefined;
  except?: string | null | undefined;
} & ({ permission: Permission } | { topic: MailTopic });

async function addressesOf(audience: MailAudience): Promise<string[]> {
  const { account, only, except } = audience;
  const { _id: accountId, email } = account;
  const topic = "topic" in audience ? audience.topic : null;
  const permission =
    "topic" in audience ? MAIL_TOPICS[audience.topic].permission : audience.permission;
  const members = isTeam(account)
    ? ((await findTeam(accountId))?.members ?? [])
    : [{ userId: accountId, role: "owner" as const }];
  const userIds = members
    .filter(({ userId, role }) => isAllowed(role, permission) && userId !== except)
    .map(({ userId }) => userId)
    .filter((userId) => only?.includes(userId) ?? true);
  const people = await usersById(userIds);
  // A personal account that the operator created has no user before the first sign-in.
  if (!isTeam(account) && people.size === 0) return userIds.length > 0 ? [email] : [];
  return [...people.values()]
    .filter((user) => topic === null || wantsEmail(user, { accountId, topic }))
    .map((user) => user.email);
}

/**
 * Sends a mail about an account to each of its audience, apart, so that nobody sees the others' addresses. Throws only when
 * nobody got it: a repetition would reach the others twice. Returns how many got it.
 */
export async function sendToMembers(
  audience: MailAudience,
  email: Omit<OutgoingEmail, "to">,
): Promise<number> {
  const failures: unknown[] = [];
  const addresses = await addressesOf(audience);
  for (const to of addresses)
    await sendEmail({ ...email, to }).catch((error: unknown) => failures.push(error));
  if (failures.length === 0) return addresses.length;
  if (failures.length === addresses.length) throw failures[0];
  log.error("email.member_missed", {
    accountId: audience.account._id,
    error: errorName(failures[0]),
  });
  return addresses.length - failures.length;
}
