import { message } from "@/lib/email/message";
import { sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";
import { CHANGE_MINUTES, UNDO_DAYS } from "@/lib/users/email-change";

const pageUrl = (path: string, token: string) => `${env().nextauthUrl}${path}?token=${token}`;

/** Mails the link that confirms a new address, to that address. */
export async function mailNewAddress({ to, token }: { to: string; token: string }): Promise<void> {
  await sendEmail({
    to,
    subject: "Confirm your new address for OneKey",
    ...message({
      heading: "Confirm your new address",
      isActionFirst: true,
      paragraphs: [
        `Somebody asked to sign in to their OneKey account with ${to} from now on. The link works once, for ${CHANGE_MINUTES} minutes, and only in a browser that is signed in to that account.`,
      ],
      action: { label: "Confirm the address", url: pageUrl("/email-change", token) },
      notes: ["If it was not you, ignore this: nothing changes."],
      reason: "Sent because somebody entered this address.",
    }),
  });
}

/** Mails somebody whose address another person entered: what they asked for does not happen. */
export async function mailAddressInUse({ to }: { to: string }): Promise<void> {
  await sendEmail({
    to,
    subject: "Somebody entered your address in another OneKey account",
    ...message({
      heading: "Your address stays yours",
      paragraphs: [
        `Somebody asked to sign in to another OneKey account with ${to}. It already signs in to your account, so nothing was changed, and they do not see why.`,
        "If it was you: an address belongs to one account. Delete one of the two accounts, or use another address.",
      ],
      reason: "Sent because somebody entered this address.",
    }),
  });
}

/** Mails the present address that it is about to change, or the former one that it has changed, with a link that undoes it. */
export async function mailFormerAddress(input: {
  to: string;
  newEmail: string;
  isDone: boolean;
  token: string;
}): Promise<void> {
  const { to, newEmail, isDone, token } = input;
  await sendEmail({
    to,
    subject: isDone
      ? "The address of your OneKey account was changed"
      : "The address of your OneKey account is about to change",
    ...message({
      heading: isDone ? "Your address was changed" : "Your address is about to change",
      paragraphs: [
        isDone
          ? `Your account signs in with ${newEmail} from now on, and no longer with ${to}.`
          : `Somebody who is signed in to your account asked to sign in with ${newEmail} instead of ${to}. It happens once they confirm it from ${newEmail}.`,
        `If it was not you, the link keeps ${to} and signs every browser out. It works for ${UNDO_DAYS} days.`,
      ],
      action: { label: "It was not me", url: pageUrl("/email-change/undo", token) },
      reason: "This email is always sent when the address of an account changes.",
    }),
  });
}
