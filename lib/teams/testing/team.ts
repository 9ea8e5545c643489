import { teams } from "../collection";
import { createTeamRecord } from "../create";
import type { TeamActor } from "../members";
import { findTeam } from "../queries";
import type { Role } from "../schema";

export const now = new Date();
export const by = (userId: string): TeamActor => ({ userId });
export const invitedBy = { kind: "person", id: "usr_owner", name: "Mira" } as const;

let count = 0;

/** A new team of `usr_owner`. */
export async function newTeam(): Promise<string> {
  const accountId = `acc_${++count}`;
  await createTeamRecord({ accountId, userId: "usr_owner", now });
  return accountId;
}

/** Puts members into a team, each with a role of its id: `usr_viewer`, `usr_viewer2`. */
export async function addMembers(accountId: string, ...names: string[]): Promise<void> {
  const members = names.map((name) => ({
    userId: `usr_${name}`,
    role: name.replace(/\d$/, "") as Role,
    joinedAt: now,
    invitedBy,
  }));
  await teams.updateOne({ _id: accountId }, { $push: { members: { $each: members } } });
}

export const rolesOf = async (accountId: string): Promise<Record<string, Role>> =>
  Object.fromEntries(
    ((await findTeam(accountId))?.members ?? []).map(({ userId, role }) => [userId, role]),
  );
