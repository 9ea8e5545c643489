import { teams } from "./collection";
import type { Invitation, Role, Team } from "./schema";

export const findTeam = (accountId: string): Promise<Team | null> =>
  teams.findOne({ _id: accountId });

/** The role of a member; null for everyone else, and for a team that does not exist. Marks the day as the member's last. */
export async function findRole({
  accountId,
  userId,
  now,
}: {
  accountId: string;
  userId: string;
  now: Date;
}): Promise<Role | null> {
  const team = await teams.findOne(
    { _id: accountId, "members.userId": userId },
    { projection: { members: 1 } },
  );
  const member = team?.members.find((candidate) => candidate.userId === userId);
  if (!member) return null;
  const day = now.toISOString().slice(0, 10);
  if (member.lastActiveDay !== day)
    await teams.updateOne(
      { _id: accountId, "members.userId": userId },
      { $set: { "members.$[m].lastActiveDay": day } },
      { arrayFilters: [{ "m.userId": userId }] },
    );
  return member.role;
}

export type Membership = {
  accountId: string;
  role: Role;
  joinedAt: Date;
  /** How many owners the team has. */
  owners: number;
};

/** The teams of a person, in the order in which they joined. */
export async function listTeamsOf(userId: string): Promise<Membership[]> {
  const list = await teams
    .find<Team>({ "members.userId": userId }, { projection: { members: 1 } })
    .toArray();
  return list
    .flatMap(({ _id, members }) =>
      members
        .filter((member) => member.userId === userId)
        .map(({ role, joinedAt }) => ({
          accountId: _id,
          role,
          joinedAt,
          owners: members.filter((member) => member.role === "owner").length,
        })),
    )
    .toSorted((a, b) => a.joinedAt.getTime() - b.joinedAt.getTime());
}

/** The invitation of a token's digest, in whatever state, with its team. */
export async function findInvitation(
  digest: string,
): Promise<{ team: Team; invitation: Invitation } | null> {
  const team = await teams.findOne({ "invitations.digest": digest });
  const invitation = team?.invitations.find((candidate) => candidate.digest === digest);
  return team && invitation ? { team, invitation } : null;
}
