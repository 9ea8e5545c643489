import { randomBytes } from "node:crypto";
import { setAccountEmail } from "@/lib/accounts/settings";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { EmailAddress } from "@/lib/accounts/schema";
import type { AuditDetails } from "@/lib/audit-log/record";
import * as clock from "@/lib/clock";
import { emailConfigured } from "@/lib/email/send";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { errorName, log } from "@/lib/log";
import { endAllSessions, endSessionsBy } from "@/lib/sessions/end";
import { deleteLinks } from "@/lib/sessions/links";
import {
  addressTaken,
  applyEmailChange,
  CHANGE_MINUTES,
  findEmailUndo,
  findUserByEmailChange,
  saveEmailChange,
  undoEmailChange,
  UNDO_DAYS,
} from "@/lib/users/email-change";
import { findUserByEmail } from "@/lib/users/queries";
import { displayNameOf, type EmailLink, type User } from "@/lib/users/schema";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import { mailAddressInUse, mailFormerAddress, mailNewAddress } from "./email-change-mails";
import { limitLinks } from "./link";

type RequestOrigin = Pick<AuditDetails, "address" | "client">;

const digestOfToken = (token: string): string =>
  digestOf(`email change\n${token}`, env().keyPepper);

function newLink(email: string, minutes: number): { token: string; link: EmailLink } {
  const token = randomBytes(32).toString("base64url");
  const expires = new Date(clock.now() + minutes * 60_000);
  return { token, link: { digest: digestOfToken(token), email, expires } };
}

const detailsOf = (
  user: User,
  type: AuditDetails["type"],
  origin: RequestOrigin,
): AuditDetails => ({
  accountId: user._id,
  actor: { kind: "person", id: user._id, name: displayNameOf(user) },
  type,
  ...origin,
});

const addressChange = (before: string, after: string) => ({
  changes: [{ name: "Email", before, after }],
});

async function isTaken(email: string, userId: string): Promise<boolean> {
  const [user, account] = await Promise.all([findUserByEmail(email), findByEmail(email)]);
  return [user, account].some((owner) => owner !== null && owner._id !== userId);
}

/**
 * Mails a link to the address that a person wants, and a notice to the one they have. What it returns and records does not depend on
 * whether somebody else has the address: only the mail does. Throws bad_request, rate_limited, forbidden for a suspended account, and
 * unavailable when no mail could be sent.
 */
export async function requestEmailChange(
  input: { user: User; email: string } & RequestOrigin,
): Promise<{ email: string; minutes: number }> {
  const { user, address, client } = input;
  const parseResult = EmailAddress.safeParse(input.email);
  if (!parseResult.success)
    throw new AppError("bad_request", "That is not an email address.", { param: "email" });
  const email = parseResult.data;
  if (email === user.email)
    throw new AppError("bad_request", "That is your address already.", { param: "email" });
  if (!emailConfigured())
    throw new AppError(
      "unavailable",
      "This server sends no email, which a new address needs. Ask its operator to set it up.",
      { param: "email" },
    );
  if ((await findById(user._id))?.suspendedAt)
    throw new AppError("forbidden", "The account is suspended. Its address cannot be changed.", {
      param: "email",
    });
  await limitLinks({ emails: [email, user.email], client: address });
  const change = newLink(email, CHANGE_MINUTES);
  const undo = newLink(user.email, UNDO_DAYS * 24 * 60);
  await auditedWithEvents(
    detailsOf(user, "profile.address_requested", { address, client }),
    async (note) => {
      await saveEmailChange({
        user,
        change: change.link,
        undo: undo.link,
        now: new Date(clock.now()),
      });
      note(addressChange(user.email, email));
    },
  );
  await mailFormerAddress({
    to: user.email,
    newEmail: email,
    isDone: false,
    token: undo.token,
  });
  if (await isTaken(email, user._id)) await mailAddressInUse({ to: email });
  else await mailNewAddress({ to: email, token: change.token });
  return { email, minutes: CHANGE_MINUTES };
}

/** What a link to a new address stands for, left unused: whose change it is, and the address; null for one that does not work. */
export async function viewEmailChange(
  token: string,
): Promise<{ userId: string; email: string } | null> {
  const user = await findUserByEmailChange(digestOfToken(token), new Date(clock.now()));
  return user?.emailChange ? { userId: user._id, email: user.emailChange.email } : null;
}

/**
 * Gives the signed-in person the address that the link was sent to. Other sessions that began by a link to the former address end.
 * Throws not_found for a link that does not work (any more), forbidden for another person's, and bad_request when another account has
 * the address; then nothing was changed.
 */
export async function confirmEmailChange(
  input: { token: string; user: User; sessionId: string } & RequestOrigin,
): Promise<{ email: string }> {
  const { token, user, sessionId, ...origin } = input;
  const view = await viewEmailChange(token);
  if (!view) throw linkEnded();
  if (view.userId !== user._id)
    throw new AppError(
      "forbidden",
      "This link is for another account than the one you are signed in to. Nothing was changed.",
    );
  const { email } = view;
  if (await isTaken(email, user._id)) throw addressTaken();
  const undo = newLink(user.email, UNDO_DAYS * 24 * 60);
  await auditedWithEvents(detailsOf(user, "profile.address_changed", origin), async (note) => {
    const newUser = await applyEmailChange({
      digest: digestOfToken(token),
      undo: undo.link,
      now: new Date(clock.now()),
    });
    if (!newUser) throw linkEnded();
    await setAccountEmail({ accountId: user._id, email: newUser.email });
    note(addressChange(user.email, newUser.email));
  });
  await deleteLinks(user.email);
  await endSessionsBy({ userId: user._id, method: "email", except: sessionId });
  await mailFormerAddress({
    to: user.email,
    newEmail: email,
    isDone: true,
    token: undo.token,
  }).catch((error: unknown) =>
    log.error("email_change.mail_failed", { accountId: user._id, error: errorName(error) }),
  );
  return { email };
}

/** The address that an undo link gives back; null for a link that does not work (any more). */
export async function viewEmailUndo(token: string): Promise<{ email: string } | null> {
  const match = await findEmailUndo(digestOfToken(token), new Date(clock.now()));
  return match && { email: match.undo.email };
}

/**
 * Keeps or restores the address that the link was sent to, ends a change that was not confirmed yet, and ends every session: whoever
 * has the link has the mailbox, and says that somebody else is in the account. Throws not_found for a link that does not work (any
 * more), and bad_request when another account has the address now.
 */
export async function undoChange({
  token,
  ...origin
}: { token: string } & RequestOrigin): Promise<{ email: string }> {
  const now = new Date(clock.now());
  const match = await findEmailUndo(digestOfToken(token), now);
  if (!match) throw linkEnded();
  const { user, undo } = match;
  if (await isTaken(undo.email, user._id)) throw addressTaken();
  await auditedWithEvents(detailsOf(user, "profile.address_restored", origin), async (note) => {
    const formerUser = await undoEmailChange(digestOfToken(token), now);
    if (!formerUser) throw linkEnded();
    await setAccountEmail({ accountId: user._id, email: formerUser.email });
    note(addressChange(user.emailChange?.email ?? user.email, formerUser.email));
  });
  await deleteLinks(user.email);
  await endAllSessions(user._id);
  return { email: undo.email };
}

const linkEnded = () =>
  new AppError("not_found", "This link has ended: it was used, replaced or has expired.");
