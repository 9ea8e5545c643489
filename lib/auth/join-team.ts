import { findById } from "@/lib/accounts/queries";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import type { AuditType } from "@/lib/audit-log/schema";
import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { acceptInvitation, declineInvitation, digestOfToken } from "@/lib/teams/invitations";
import { findInvitation } from "@/lib/teams/queries";
import { isPending, type InvitedRole } from "@/lib/teams/schema";
import { findUserById } from "@/lib/users/queries";
import { displayNameOf, isAddressOf, type User } from "@/lib/users/schema";

/** What the page of an invitation shows. To who is signed in under another address, only the invited one. */
export type InvitationView =
  | { state: "other"; email: string }
  | {
      state: "pending" | "expired" | "accepted" | "declined" | "revoked";
      /** The account of the team, which a member may open. */
      teamId: string;
      teamName: string;
      memberCount: number;
      role: InvitedRole;
      /** Null for a management key, and for who was deleted since. */
      inviter: { name: string; email: string } | null;
      email: string;
      expiresAt: Date;
      endedAt: Date | null;
    };

/** The invitation of a token, left as it is; null for a token that is unknown, and for the team's that was deleted. */
export async function viewInvitation({
  token,
  user,
}: {
  token: string;
  /** Who is signed in; null for nobody. */
  user: User | null;
}): Promise<InvitationView | null> {
  const match = await findInvitation(digestOfToken(token));
  const account = match && (await findById(match.team._id));
  if (!match || !account || account.erasedAt !== undefined) return null;
  const { team, invitation } = match;
  const { email, role, invitedBy, expiresAt, outcome, endedAt } = invitation;
  if (user && !isAddressOf(user, email)) return { state: "other", email };
  const inviter =
    invitedBy.kind === "person" && invitedBy.id !== null ? await findUserById(invitedBy.id) : null;
  return {
    state: outcome ?? (isPending(invitation, new Date(clock.now())) ? "pending" : "expired"),
    teamId: team._id,
    teamName: account.name,
    memberCount: team.members.length,
    role,
    inviter: inviter && { name: displayNameOf(inviter), email: inviter.email },
    email,
    expiresAt,
    endedAt: endedAt ?? null,
  };
}

/** Who presses a button on the page of an invitation, and from where, for the team's audit log. */
type InvitedPress = { token: string; user: User; address: string; client: string };

/**
 * Makes the signed-in person a member of the team that invited them, once. Throws not_found for an unknown token, forbidden for another
 * address than the invited one, and bad_request for an invitation that ended; then nothing was changed.
 */
export const joinTeam = (press: InvitedPress): Promise<{ accountId: string; role: InvitedRole }> =>
  endInvitation(press, "member.joined", acceptInvitation);

/** Declines an invitation. Throws as `joinTeam`. */
export const declineToJoin = (
  press: InvitedPress,
): Promise<{ accountId: string; role: InvitedRole }> =>
  endInvitation(press, "invitation.declined", declineInvitation);

async function endInvitation(
  { token, user, address, client }: InvitedPress,
  type: AuditType,
  end: typeof acceptInvitation,
): Promise<{ accountId: string; role: InvitedRole }> {
  const match = await findInvitation(digestOfToken(token));
  const account = match && (await findById(match.team._id));
  if (!account || account.erasedAt !== undefined)
    throw new AppError("not_found", "There is no such invitation.");
  const accountId = account._id;
  const actor = { kind: "person", id: user._id, name: displayNameOf(user) } as const;
  return auditedWithEvents({ accountId, actor, type, address, client }, async (note) => {
    const { invitation } = await end({ token, user, now: new Date(clock.now()) });
    note({ changes: [{ name: "Role", before: null, after: invitation.role }] });
    return { accountId, role: invitation.role };
  });
}
