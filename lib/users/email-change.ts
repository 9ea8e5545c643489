import { AppError, isDuplicate } from "@/lib/errors";
import { users } from "./collection";
import type { EmailLink, User } from "./schema";

/** How long the link to a new address works. */
export const CHANGE_MINUTES = 60;
/** How long the former address can take a change back. */
export const UNDO_DAYS = 3;
/** Undo links of one address that work together: that of the request and that of the change. */
const UNDOS_OF_ADDRESS = 2;
/** Addresses that a change can be undone to; with more, links of the first would have to be dropped. */
const UNDO_ADDRESSES_MAX = 4;

/** The user whose change of address a link confirms; null for a link that is unknown, used, replaced or expired. */
export const findUserByEmailChange = (digest: string, now: Date): Promise<User | null> =>
  users.findOne({ "emailChange.digest": digest, "emailChange.expires": { $gt: now } });

/** The user whose change of address a link undoes, and their former address. */
export async function findEmailUndo(
  digest: string,
  now: Date,
): Promise<{ user: User; undo: EmailLink } | null> {
  const user = await users.findOne({
    emailUndos: { $elemMatch: { digest, expires: { $gt: now } } },
  });
  const undo = user?.emailUndos?.find((link) => link.digest === digest);
  return user && undo ? { user, undo } : null;
}

/**
 * Notes the address that a user wants, in place of an earlier one, and how its owner undoes that. Throws bad_request for somebody
 * who has changed their address too often to undo all of it.
 */
export async function saveEmailChange(input: {
  user: User;
  change: EmailLink;
  undo: EmailLink;
  now: Date;
}): Promise<void> {
  const { user, change, undo, now } = input;
  const set = { emailChange: change, emailUndos: undosWith({ user, undo, now }) };
  const result = await users.updateOne({ _id: user._id, email: user.email }, { $set: set });
  if (result.matchedCount === 0) throw changedMeanwhile();
}

/**
 * Gives a user the address that a link confirms; of several concurrent calls one does. Returns the user as they are then; null for
 * a link that does not work (any more). Throws bad_request when another user has the address.
 */
export async function applyEmailChange(input: {
  digest: string;
  undo: EmailLink;
  now: Date;
}): Promise<User | null> {
  const { digest, undo, now } = input;
  const user = await findUserByEmailChange(digest, now);
  if (!user?.emailChange) return null;
  const { email } = user.emailChange;
  const formerEmails = [...(user.formerEmails ?? []), user.email];
  return setEmail(
    { _id: user._id, email: user.email, "emailChange.digest": digest },
    {
      email,
      emailUndos: undosWith({ user, undo, now }),
      formerEmails: [...new Set(formerEmails)].filter((former) => former !== email),
    },
  );
}

/**
 * Gives a user a former address again, and ends a change that is still to be confirmed. Links that were sent later end with it: they
 * are those of whoever changed the address. Returns as `applyEmailChange`.
 */
export async function undoEmailChange(digest: string, now: Date): Promise<User | null> {
  const match = await findEmailUndo(digest, now);
  if (!match) return null;
  const { user, undo } = match;
  const undos = user.emailUndos ?? [];
  return setEmail(
    { _id: user._id, email: user.email, "emailUndos.digest": digest },
    {
      email: undo.email,
      emailUndos: undos.slice(0, undos.indexOf(undo)),
      formerEmails: (user.formerEmails ?? []).filter((former) => former !== undo.email),
    },
  );
}

async function setEmail(
  filter: { _id: string; email: string } & Record<string, string>,
  set: Pick<User, "email" | "emailUndos" | "formerEmails">,
): Promise<User | null> {
  try {
    return await users.findOneAndUpdate(
      filter,
      { $set: set, $unset: { emailChange: "" } },
      { returnDocument: "after" },
    );
  } catch (error) {
    if (isDuplicate(error)) throw addressTaken();
    throw error;
  }
}

function undosWith({ user, undo, now }: { user: User; undo: EmailLink; now: Date }): EmailLink[] {
  const live = (user.emailUndos ?? []).filter(({ expires }) => expires > now);
  const sameAddress = live.filter(({ email }) => email === undo.email);
  const oldest = sameAddress.slice(0, Math.max(0, sameAddress.length + 1 - UNDOS_OF_ADDRESS));
  const undos = [...live.filter((link) => !oldest.includes(link)), undo];
  if (new Set(undos.map(({ email }) => email)).size > UNDO_ADDRESSES_MAX)
    throw new AppError(
      "bad_request",
      `Your address was changed too often in the last days. Try again in ${UNDO_DAYS} days.`,
      { param: "email" },
    );
  return undos;
}

/** Said only to who has shown that the address is theirs. */
export const addressTaken = (): AppError =>
  new AppError(
    "bad_request",
    "Another account signs in with this address. Delete that account first. Nothing was changed.",
  );

const changedMeanwhile = () =>
  new AppError("bad_request", "Your address was changed meanwhile. Reload the page and try again.");
