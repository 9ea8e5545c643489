import { randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newId } from "@/lib/ids";
import type { Creator } from "@/lib/keys/schema";
import { isAddressOf, type User } from "@/lib/users/schema";
import { changeTeam } from "./change";
import { roleOf, type TeamActor } from "./members";
import { isAllowed } from "./permissions";
import { findInvitation } from "./queries";
import {
  INVITATION_DAYS,
  isPending,
  MEMBERS_MAX,
  PENDING_MAX,
  type Invitation,
  type InvitationOutcome,
  type InvitedRole,
  type Member,
  type Team,
} from "./schema";

/** An invitation with the token of its link, which is readable only in this result and in the mail. */
export type IssuedInvitation = { invitation: Invitation; token: string };

export const digestOfToken = (token: string): string =>
  digestOf(`invitation\n${token}`, env().keyPepper);

const invitationMissing = () => new AppError("not_found", "There is no such invitation.");

/**
 * Invites addresses to a team, all of them or none. `memberEmails` are those of the present members. Throws bad_request for an
 * address that is invited or a member already, and for more than PENDING_MAX pending ones; forbidden without the permission.
 */
export async function addInvitations(input: {
  accountId: string;
  emails: string[];
  role: InvitedRole;
  by: TeamActor;
  invitedBy: Creator;
  now: Date;
  memberEmails: ReadonlySet<string>;
}): Promise<IssuedInvitation[]> {
  const { accountId, emails, role, by, invitedBy, now, memberEmails } = input;
  const issued = emails.map((email) => issue({ email, role, invitedBy, now }));
  await changeTeam(
    accountId,
    (team) => {
      requireInviter(team, by);
      const pending = team.invitations.filter((invitation) => isPending(invitation, now));
      const problems = emails.flatMap((email) =>
        memberEmails.has(email)
          ? [`${email} is a member already.`]
          : pending.some((invitation) => invitation.email === email)
            ? [`${email} is invited already.`]
            : [],
      );
      if (problems.length > 0)
        throw new AppError("bad_request", problems.join(" "), { param: "emails" });
      if (pending.length + emails.length > PENDING_MAX)
        throw new AppError(
          "bad_request",
          `A team has at most ${PENDING_MAX} pending invitations. Revoke one first.`,
          { param: "emails" },
        );
      if (team.members.length + pending.length + emails.length > MEMBERS_MAX) throw teamFull();
      return { invitations: [...team.invitations, ...issued.map(({ invitation }) => invitation)] };
    },
    now,
  );
  return issued;
}

/** Gives a pending or expired invitation a new link and 7 more days; the former link stops working. */
export async function renewInvitation(input: {
  accountId: string;
  invitationId: string;
  by: TeamActor;
  now: Date;
}): Promise<IssuedInvitation> {
  const { accountId, invitationId, by, now } = input;
  let renewed: IssuedInvitation | undefined;
  await changeTeam(
    accountId,
    (team) => {
      requireInviter(team, by);
      const former = invitationOf(team, invitationId);
      if (former.outcome !== undefined) throw endedError(former.outcome);
      const fresh = issue({ ...former, now });
      renewed = { ...fresh, invitation: { ...fresh.invitation, id: former.id } };
      const { invitation } = renewed;
      return {
        invitations: team.invitations.map((item) => (item === former ? invitation : item)),
      };
    },
    now,
  );
  if (!renewed) throw invitationMissing();
  return renewed;
}

/** Revokes a pending invitation. Throws not_found, forbidden, and bad_request for one that ended before. */
export async function revokeInvitation(input: {
  accountId: string;
  invitationId: string;
  by: TeamActor;
  now: Date;
}): Promise<Invitation> {
  const { accountId, invitationId, by, now } = input;
  const team = await changeTeam(
    accountId,
    (current) => {
      requireInviter(current, by);
      const invitation = invitationOf(current, invitationId);
      if (invitation.outcome !== undefined) throw endedError(invitation.outcome);
      return { invitations: ended(current, invitation, "revoked", now) };
    },
    now,
  );
  return invitationOf(team, invitationId);
}

type InvitedPerson = {
  token: string;
  user: Pick<User, "_id" | "email" | "formerEmails">;
  now: Date;
};

/**
 * Makes the invited person a member and uses the invitation up, in one write. Throws not_found for an unknown token, forbidden
 * for another address than the invited one, and bad_request for an invitation that ended.
 */
export async function acceptInvitation({ token, user, now }: InvitedPerson): Promise<{
  accountId: string;
  invitation: Invitation;
}> {
  return endByInvited({ token, user, now }, "accepted", (team, invitation) => {
    if (team.members.some(({ userId }) => userId === user._id)) return team.members;
    if (team.members.length >= MEMBERS_MAX) throw teamFull();
    const { role, invitedBy } = invitation;
    const member: Member = { userId: user._id, role, joinedAt: now, invitedBy };
    return [...team.members, member];
  });
}

/** Declines an invitation. Throws as `acceptInvitation`. */
export const declineInvitation = (
  input: InvitedPerson,
): Promise<{ accountId: string; invitation: Invitation }> =>
  endByInvited(input, "declined", ({ members }) => members);

async function endByInvited(
  { token, user, now }: InvitedPerson,
  outcome: InvitationOutcome,
  membersAfter: (team: Team, invitation: Invitation) => Member[],
): Promise<{ accountId: string; invitation: Invitation }> {
  const digest = digestOfToken(token);
  const match = await findInvitation(digest);
  if (!match) throw invitationMissing();
  const { team, invitation } = match;
  await changeTeam(
    team._id,
    (current) => {
      const present = current.invitations.find((candidate) => candidate.digest === digest);
      if (!present) throw invitationMissing();
      if (!isAddressOf(user, present.email))
        throw new AppError(
          "forbidden",
          `This invitation is for ${present.email}. Sign in with that address to use it. Nothing was changed.`,
        );
      if (present.outcome !== undefined) throw endedError(present.outcome);
      if (present.expiresAt <= now) throw expiredError();
      return {
        members: membersAfter(current, present),
        invitations: ended(current, present, outcome, now),
      };
    },
    now,
  );
  return { accountId: team._id, invitation };
}

const ENDED: Record<InvitationOutcome, string> = {
  accepted: "This invitation was used before. It works once.",
  declined: "This invitation was declined.",
  revoked: "This invitation was revoked.",
};

const endedError = (outcome: InvitationOutcome) =>
  new AppError("bad_request", `${ENDED[outcome]} Nothing was changed.`, {
    reason: `invitation_${outcome}`,
  });

const expiredError = () =>
  new AppError(
    "bad_request",
    `This invitation has expired: it worked for ${INVITATION_DAYS} days. Ask for a new one. Nothing was changed.`,
    { reason: "invitation_expired" },
  );

const teamFull = () =>
  new AppError("bad_request", `A team has at most ${MEMBERS_MAX} members. Nothing was changed.`);

function issue(input: {
  email: string;
  role: InvitedRole;
  invitedBy: Creator;
  now: Date;
}): IssuedInvitation {
  const { email, role, invitedBy, now } = input;
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(now.getTime() + INVITATION_DAYS * 86_400_000);
  const invitation = {
    id: newId("inv"),
    digest: digestOfToken(token),
    email,
    role,
    invitedBy,
    createdAt: now,
    expiresAt,
  };
  return { invitation, token };
}

const ended = (
  { invitations }: Team,
  invitation: Invitation,
  outcome: InvitationOutcome,
  now: Date,
): Invitation[] =>
  invitations.map((item) => (item === invitation ? { ...item, outcome, endedAt: now } : item));

function invitationOf({ invitations }: Team, invitationId: string): Invitation {
  const invitation = invitations.find(({ id }) => id === invitationId);
  if (!invitation) throw invitationMissing();
  return invitation;
}

function requireInviter(team: Team, by: TeamActor): void {
  if (isAllowed(roleOf(team, by), "members:manage")) return;
  throw new AppError("forbidden", "Your role cannot invite people. Ask an owner or admin.");
}
