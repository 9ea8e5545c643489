import { message } from "@/lib/email/message";
import { sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";
import { formatCount, formatDay, formatTime } from "@/lib/format";
import type { IssuedInvitation } from "@/lib/teams/invitations";
import type { InvitedRole } from "@/lib/teams/schema";

const ROLE_WORDS: Record<InvitedRole, string> = {
  admin: "an admin: everything but its ownership",
  developer: "a developer: its projects, keys, their limits and usage",
  billing: "a billing member: its credits, receipts, limits and usage",
  viewer: "a viewer: it reads projects, limits and usage",
};

/** Mails the link of an invitation. The names in it are what people typed: they are text, never part of a link. */
export async function mailInvitation(input: {
  issued: IssuedInvitation;
  teamName: string;
  memberCount: number;
  /** The address of the person who invites; null for a management key. */
  inviterEmail: string | null;
}): Promise<void> {
  const { issued, teamName, memberCount, inviterEmail } = input;
  const { email, role, invitedBy, expiresAt } = issued.invitation;
  const inviter = inviterEmail === null ? teamName : `${invitedBy.name} (${inviterEmail})`;
  const people = `${formatCount(memberCount)} ${memberCount === 1 ? "person" : "people"}`;
  await sendEmail({
    to: email,
    subject: `${inviterEmail === null ? "You are invited" : `${invitedBy.name} invited you`} to ${teamName} on OneKey`,
    ...message({
      heading: `Join ${teamName}`,
      team: teamName,
      isActionFirst: true,
      paragraphs: [`${inviter} invited you to work in ${teamName} as ${ROLE_WORDS[role]}.`],
      facts: [
        { name: "Team", value: `${teamName}, ${people}` },
        { name: "Role", value: `${role.charAt(0).toUpperCase()}${role.slice(1)}` },
        ...(inviterEmail === null ? [] : [{ name: "Invited by", value: invitedBy.name }]),
        {
          name: "Works until",
          value: `${formatDay(expiresAt)}, ${formatTime(expiresAt).slice(0, 5)} UTC, once`,
        },
      ],
      action: {
        label: "See the invitation",
        url: `${env().nextauthUrl}/invitation?token=${issued.token}`,
      },
      notes: [
        `The link works only for ${email}. If you did not expect this, ignore it: nothing happens without you.`,
      ],
      reason: `Sent because ${inviterEmail ?? `a member of ${teamName}`} entered this address.`,
    }),
  });
}
