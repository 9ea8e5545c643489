import { checkedTeamName, createTeamAccount } from "@/lib/accounts/create-team";
import { findById, listByIds } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { renameAccount } from "@/lib/accounts/settings";
import type { AuditDetails } from "@/lib/audit-log/record";
import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { createTeamRecord, eraseTeam } from "@/lib/teams/create";
import { leaveTeam } from "@/lib/teams/members";
import { listTeamsOf, type Membership } from "@/lib/teams/queries";
import { TEAMS_MAX, type Role } from "@/lib/teams/schema";
import { displayNameOf, type User } from "@/lib/users/schema";
import { auditedWithEvents } from "@/lib/webhooks/announce";

/** An account that a person belongs to, as the account switcher lists it. */
export type OwnAccount = { accountId: string; teamId: string | null; name: string; role: Role };

/** The accounts of a person: teams in the order in which they joined, the personal one last. */
export async function listAccountsOf(user: User): Promise<OwnAccount[]> {
  const teams = (await membershipsOf(user._id)).flatMap(({ accountId, role, account }) =>
    account ? [{ accountId, teamId: accountId, name: account.name, role }] : [],
  );
  const personal = { accountId: user._id, teamId: null, name: displayNameOf(user) };
  return [...teams, { ...personal, role: "owner" }];
}

/**
 * Creates a team with a person as its owner; it has no free requests. Throws bad_request for a name that is not one, and forbidden
 * for a person whose personal account is suspended or who owns TEAMS_MAX teams.
 */
export async function createTeam({ user, name }: { user: User; name: string }): Promise<Account> {
  const personal = await findById(user._id);
  if (!personal || personal.suspendedAt !== undefined)
    throw new AppError("forbidden", "Your account is suspended. It cannot create a team.");
  const memberships = await membershipsOf(user._id);
  if (memberships.filter(({ role }) => role === "owner").length >= TEAMS_MAX)
    throw new AppError("forbidden", `A person owns at most ${TEAMS_MAX} teams.`);
  const accountId = newId("acc");
  const now = new Date(clock.now());
  // The members first: an account without them would be nobody's.
  await createTeamRecord({ accountId, userId: user._id, now });
  try {
    return await createTeamAccount({ accountId, name, now });
  } catch (error) {
    await eraseTeam(accountId);
    throw error;
  }
}

/** Renames a team. Throws bad_request for a name that is not one, and not_found. */
export async function renameTeam({
  accountId,
  name,
}: {
  accountId: string;
  name: string;
}): Promise<void> {
  await renameAccount({ accountId, name: checkedTeamName(name) });
}

/**
 * Takes a person who is deleted off their teams. Throws bad_request, and changes nothing, while they are the only owner of one: its
 * balance and keys would be nobody's. Each team's audit log keeps that they left.
 */
export async function leaveAllTeams(
  user: User,
  origin: Pick<AuditDetails, "address" | "client">,
): Promise<void> {
  const { _id: userId } = user;
  const memberships = await membershipsOf(userId);
  const onlyOwned = memberships.flatMap(({ role, owners, account }) =>
    role === "owner" && owners === 1 && account ? [account.name] : [],
  );
  if (onlyOwned.length > 0)
    throw new AppError(
      "bad_request",
      `You are the only owner of ${onlyOwned.join(", ")}. Transfer the ownership or delete the team first. Nothing was deleted.`,
      { param: "confirm" },
    );
  for (const { accountId, account, role } of memberships)
    if (account) {
      const actor = { kind: "person" as const, id: userId, name: displayNameOf(user), role };
      await auditedWithEvents({ ...origin, accountId, actor, type: "member.left" }, () =>
        leaveTeam({ accountId, userId }),
      );
    } else await eraseTeam(accountId);
}

/** Teams of a person with their accounts; null for one whose account was deleted, or never made. */
async function membershipsOf(
  userId: string,
): Promise<(Membership & { account: Account | null })[]> {
  const memberships = await listTeamsOf(userId);
  const accounts = await listByIds(memberships.map(({ accountId }) => accountId));
  return memberships.map((membership) => ({
    ...membership,
    account:
      accounts.find(
        ({ _id, erasedAt }) => _id === membership.accountId && erasedAt === undefined,
      ) ?? null,
  }));
}
