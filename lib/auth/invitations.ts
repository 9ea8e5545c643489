import { EmailAddress, type Account } from "@/lib/accounts/schema";
import { now } from "@/lib/clock";
import { emailConfigured } from "@/lib/email/send";
import { AppError } from "@/lib/errors";
import { errorName, log } from "@/lib/log";
import type { Creator } from "@/lib/keys/schema";
import { countAttempt } from "@/lib/sessions/attempts";
import { addInvitations, renewInvitation, type IssuedInvitation } from "@/lib/teams/invitations";
import type { TeamActor } from "@/lib/teams/members";
import { findTeam } from "@/lib/teams/queries";
import { INVITED_TOGETHER_MAX, type Invitation, type InvitedRole } from "@/lib/teams/schema";
import { usersById } from "@/lib/users/queries";
import { mailInvitation } from "./invitation-mail";

const DAY_MS = 86_400_000;
/** Invitation mails of a UTC day: of one account, and to one address from all accounts. */
export const INVITATION_MAILS = { account: 100, address: 5 };

/** Who invites: as the team checks it, as its lists show it, and the address that the mail names. */
export type Inviter = { by: TeamActor; invitedBy: Creator; email: string | null };

export type SentInvitations = {
  invitations: Invitation[];
  /** Addresses whose mail could not be sent; their invitations are there and can be sent again. */
  unsent: string[];
};

/**
 * Invites addresses to a team and mails each its link; when one of them is wrong, none is invited. Throws bad_request for what is no
 * address, a member or invited already, forbidden, rate_limited, and unavailable where no mail can be sent.
 */
export async function invite(input: {
  account: Account;
  inviter: Inviter;
  emails: string[];
  role: InvitedRole;
}): Promise<SentInvitations> {
  const { account, inviter, role } = input;
  requireMail();
  const emails = parseAddresses(input.emails);
  const team = await findTeam(account._id);
  if (!team)
    throw new AppError("bad_request", "A personal account has no members. Create a team first.");
  await countMails({ accountId: account._id, inviter, emails });
  const memberUsers = await usersById(team.members.map(({ userId }) => userId));
  const issued = await addInvitations({
    accountId: account._id,
    emails,
    role,
    ...inviter,
    now: new Date(now()),
    memberEmails: new Set([...memberUsers.values()].map(({ email }) => email)),
  });
  return mailAll({ account, inviter, issued, memberCount: team.members.length });
}

/** Mails a pending or expired invitation again, with a new link. Throws as `invite`, and not_found. */
export async function sendInvitationAgain(input: {
  account: Account;
  inviter: Inviter;
  invitationId: string;
}): Promise<SentInvitations> {
  const { account, inviter, invitationId } = input;
  requireMail();
  const team = await findTeam(account._id);
  const invitation = team?.invitations.find(({ id }) => id === invitationId);
  if (!team || !invitation) throw new AppError("not_found", "There is no such invitation.");
  await countMails({ accountId: account._id, inviter, emails: [invitation.email] });
  const issued = await renewInvitation({
    accountId: account._id,
    invitationId,
    by: inviter.by,
    now: new Date(now()),
  });
  return mailAll({ account, inviter, issued: [issued], memberCount: team.members.length });
}

function requireMail(): void {
  if (emailConfigured()) return;
  throw new AppError(
    "unavailable",
    "This server sends no email, which an invitation needs. Ask its operator to set it up.",
  );
}

/** Addresses in the form that they are compared in, each once. Throws bad_request that names those that are none. */
function parseAddresses(list: string[]): string[] {
  const entries = [...new Set(list.map((text) => text.trim()).filter((text) => text !== ""))];
  const wrong = entries.filter((text) => !EmailAddress.safeParse(text).success);
  const [first] = wrong;
  if (first !== undefined)
    throw new AppError(
      "bad_request",
      `${wrong.map((text) => text.slice(0, 254)).join(", ")} ${wrong.length === 1 ? "is not an address" : "are not addresses"}. No invitation was sent.`,
      { param: "emails" },
    );
  const emails = [...new Set(entries.map((text) => EmailAddress.parse(text)))];
  if (emails.length === 0 || emails.length > INVITED_TOGETHER_MAX)
    throw new AppError("bad_request", `Enter 1 to ${INVITED_TOGETHER_MAX} addresses.`, {
      param: "emails",
    });
  return emails;
}

/** Throws rate_limited once an account or an address had its mails of the day. */
async function countMails(input: {
  accountId: string;
  inviter: Inviter;
  emails: string[];
}): Promise<void> {
  const { accountId, inviter, emails } = input;
  // Also by who invites, so that a person with several teams sends no more.
  for (const by of [accountId, inviter.invitedBy.id].filter((id) => id !== null)) {
    const { allowed: isAllowed } = await countAttempt({
      what: "invitations by account",
      by,
      max: INVITATION_MAILS.account,
      amount: emails.length,
      windowMs: DAY_MS,
    });
    if (!isAllowed)
      throw new AppError(
        "rate_limited",
        `A team sends at most ${INVITATION_MAILS.account} invitations a day. Try again tomorrow. No invitation was sent.`,
      );
  }
  for (const email of emails) {
    const attempt = await countAttempt({
      what: "invitations to email",
      by: email,
      max: INVITATION_MAILS.address,
      windowMs: DAY_MS,
    });
    if (!attempt.allowed)
      throw new AppError(
        "rate_limited",
        `${email} was sent ${INVITATION_MAILS.address} invitations today. Try again tomorrow. No invitation was sent.`,
        { param: "emails" },
      );
  }
}

async function mailAll(input: {
  account: Account;
  inviter: Inviter;
  issued: IssuedInvitation[];
  memberCount: number;
}): Promise<SentInvitations> {
  const { account, inviter, issued, memberCount } = input;
  const unsent: string[] = [];
  for (const invitation of issued)
    await mailInvitation({
      issued: invitation,
      teamName: account.name,
      memberCount,
      inviterEmail: inviter.email,
    }).catch((error: unknown) => {
      unsent.push(invitation.invitation.email);
      log.error("invitation.mail_failed", { accountId: account._id, error: errorName(error) });
    });
  return { invitations: issued.map(({ invitation }) => invitation), unsent };
}
