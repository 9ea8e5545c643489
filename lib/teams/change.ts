import { AppError } from "@/lib/errors";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { teams } from "./collection";
import { ENDED_DAYS, type Member, type Team } from "./schema";

/** Another person's team is missing too, word for word. */
export const teamMissing = () => new AppError("not_found", "There is no such team.");
export const memberMissing = () => new AppError("not_found", "There is no such member.");

/**
 * Changes a team by one write on the condition that nobody changed it since it was read, so that whatever `change` checks holds
 * when it is saved. `change` returns the new lists, or throws to leave everything as it is. Throws not_found, and bad_request where no owner would
 * be left.
 */
export async function changeTeam(
  accountId: string,
  change: (team: Team) => Partial<Pick<Team, "members" | "invitations">>,
  now = new Date(),
): Promise<Team> {
  return retryUntilApplied(APPLY_TRIES, async () => {
    const team = await teams.findOne({ _id: accountId });
    if (!team) throw teamMissing();
    const { members, invitations } = { ...team, ...change(team) };
    if (!members.some(({ role }) => role === "owner")) throw lastOwner();
    const keptSince = new Date(now.getTime() - ENDED_DAYS * 86_400_000);
    const lists = {
      members,
      invitations: invitations.filter(
        ({ endedAt, expiresAt }) => (endedAt ?? expiresAt) > keptSince,
      ),
    };
    const result = await teams.updateOne(
      { _id: accountId, version: team.version },
      { $set: lists, $inc: { version: 1 } },
    );
    return result.matchedCount === 1 ? { ...team, ...lists, version: team.version + 1 } : undefined;
  });
}

const lastOwner = () =>
  new AppError(
    "bad_request",
    "A team has at least one owner. Transfer the ownership to another member first.",
  );

export function memberOf({ members }: Team, userId: string): Member {
  const member = members.find((candidate) => candidate.userId === userId);
  if (!member) throw memberMissing();
  return member;
}
