import { AppError } from "@/lib/errors";
import { changeTeam, memberOf } from "./change";
import { isAllowed } from "./permissions";
import type { Member, Role, Team } from "./schema";

/** Who changes a team: a member by their user id, or a management key, which may do what an admin may. */
export type TeamActor = { userId: string } | { managementKey: string };

type MemberChange = { accountId: string; userId: string; by: TeamActor };

/**
 * Gives a member another role. Owners are changed by owners only, nobody changes their own role, and one owner stays. With
 * `formerRole`, a role that was changed meanwhile stays. Throws not_found, forbidden, and bad_request.
 */
export async function setRole(
  input: MemberChange & { role: Role; formerRole?: Role },
): Promise<{ before: Role }> {
  const { accountId, userId, by, role, formerRole } = input;
  let before: Role = role;
  await changeTeam(accountId, (team) => {
    const member = memberOf(team, userId);
    requireAuthority({ team, by, member });
    if ("userId" in by && by.userId === userId)
      throw new AppError(
        "forbidden",
        "Nobody can change their own role. Ask another owner or admin.",
      );
    if (role === "owner" && roleOf(team, by) !== "owner")
      throw new AppError("forbidden", "Only an owner can make somebody an owner.");
    if (formerRole !== undefined && member.role !== formerRole)
      throw new AppError(
        "bad_request",
        "The role was changed since it was read. Read it again, then repeat the change.",
        { reason: "precondition_failed", status: 412, param: "role" },
      );
    before = member.role;
    return { members: withRole(team, userId, role) };
  });
  return { before };
}

/** Takes a member off a team: from their next request on they have no access. Throws as `setRole`. */
export async function removeMember({ accountId, userId, by }: MemberChange): Promise<Member> {
  let removed: Member | undefined;
  await changeTeam(accountId, (team) => {
    const member = memberOf(team, userId);
    requireAuthority({ team, by, member });
    removed = member;
    return { members: team.members.filter((candidate) => candidate !== member) };
  });
  if (!removed) throw new Error("A member was removed without one.");
  return removed;
}

/** Leaves a team. Throws not_found for who is no member, and bad_request for the last owner. */
export async function leaveTeam({ accountId, userId }: Omit<MemberChange, "by">): Promise<void> {
  await changeTeam(accountId, (team) => {
    const member = memberOf(team, userId);
    return { members: team.members.filter((candidate) => candidate !== member) };
  });
}

/** Makes another member an owner and the owner who does it an admin, in one write. Throws not_found and forbidden. */
export async function transferOwnership(input: {
  accountId: string;
  from: string;
  to: string;
}): Promise<void> {
  const { accountId, from, to } = input;
  await changeTeam(accountId, (team) => {
    if (memberOf(team, from).role !== "owner")
      throw new AppError("forbidden", "Only an owner can transfer the ownership.");
    memberOf(team, to);
    if (from === to) throw new AppError("bad_request", "Choose another member.", { param: "to" });
    const members = withRole(team, to, "owner");
    return { members: withRole({ ...team, members }, from, "admin") };
  });
}

const withRole = ({ members }: Pick<Team, "members">, userId: string, role: Role): Member[] =>
  members.map((member) => (member.userId === userId ? { ...member, role } : member));

/** The role of a member. Throws not_found for somebody who is no longer one. */
export const roleOf = (team: Team, by: TeamActor): Role =>
  "userId" in by ? memberOf(team, by.userId).role : "admin";

/** Read in the same write as the change: who was demoted or removed meanwhile changes nothing. */
function requireAuthority(input: { team: Team; by: TeamActor; member: Member }): void {
  const { team, by, member } = input;
  const role = roleOf(team, by);
  if (!isAllowed(role, "members:manage"))
    throw new AppError("forbidden", "Your role cannot change members. Ask an owner or admin.");
  if (member.role === "owner" && role !== "owner")
    throw new AppError("forbidden", "Only an owner can change an owner.");
}
