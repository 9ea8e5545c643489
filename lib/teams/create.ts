import { teams } from "./collection";

/** Makes a person the only member and owner of a team. */
export async function createTeamRecord({
  accountId,
  userId,
  now,
}: {
  accountId: string;
  userId: string;
  now: Date;
}): Promise<void> {
  await teams.insertOne({
    _id: accountId,
    members: [{ userId, role: "owner", joinedAt: now, invitedBy: null }],
    invitations: [],
    version: 1,
  });
}

/** Takes all members off a deleted team. */
export async function eraseTeam(accountId: string): Promise<void> {
  await teams.deleteOne({ _id: accountId });
}
