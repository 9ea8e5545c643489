import type { InvitationView, MemberView } from "@/components/team/members";
import type { AccountMember } from "@/lib/auth/member";
import { formatDay, formatMoment, formatRemaining } from "@/lib/format";
import { listKeys } from "@/lib/keys/queries";
import { findTeam } from "@/lib/teams/queries";
import { isPending } from "@/lib/teams/schema";
import { usersById } from "@/lib/users/queries";
import { displayNameOf } from "@/lib/users/schema";

/** The members of a team: owners first, then in the order in which they joined. */
export async function memberViews(
  { account, user }: AccountMember,
  now: number,
): Promise<MemberView[]> {
  const [team, keys] = await Promise.all([findTeam(account._id), listKeys({ account, now })]);
  const members = team?.members ?? [];
  const users = await usersById(members.map(({ userId }) => userId));
  const liveKeys = keys.filter(({ live }) => live.length > 0);
  return members
    .toSorted(
      (a, b) =>
        Number(b.role === "owner") - Number(a.role === "owner") ||
        a.joinedAt.getTime() - b.joinedAt.getTime(),
    )
    .map(({ userId, role, joinedAt, lastActiveDay }) => {
      const memberUser = users.get(userId);
      return {
        userId,
        name: memberUser ? displayNameOf(memberUser) : userId,
        email: memberUser?.email ?? "",
        role,
        isSelf: userId === user._id,
        joined: formatDay(joinedAt),
        lastActive: lastActiveDay === undefined ? "never" : formatDay(new Date(lastActiveDay)),
        keys: liveKeys
          .filter(({ key }) => key.creator?.kind === "person" && key.creator.id === userId)
          .map(({ key }) => ({ id: key._id, name: key.name })),
      };
    });
}

/** The invitations of a team that can be accepted, the newest first. */
export async function invitationViews(accountId: string, now: number): Promise<InvitationView[]> {
  const team = await findTeam(accountId);
  return (team?.invitations ?? [])
    .filter((invitation) => isPending(invitation, new Date(now)))
    .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    .map(({ id, email, role, invitedBy, createdAt, expiresAt }) => ({
      id,
      email,
      role,
      invitedBy: `${invitedBy.name}, ${formatDay(createdAt)}`,
      worksUntil: formatMoment(expiresAt).replace(" UTC", ""),
      left: `${formatRemaining(expiresAt.getTime() - now)} left`,
    }));
}
