import { pageAddress } from "@/lib/accounts/page-address";
import type { Account } from "@/lib/accounts/schema";
import { message } from "@/lib/email/message";
import { sendToMembers } from "@/lib/email/send-to-members";
import { formatDay, formatUsd } from "@/lib/format";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { receiptLines, receiptNumber, sourceOf } from "./receipt";

const EMAILS_PAGE = "/dashboard/settings#emails";

export async function mailReceipt({
  account,
  entry,
}: {
  account: Account;
  entry: LedgerEntry;
}): Promise<void> {
  const amount = formatUsd(entry.amount);
  const lines = receiptLines(entry);
  await sendToMembers(
    { account, topic: "receipts" },
    {
      subject: `Receipt for ${amount} of OneKey credits`,
      ...message({
        heading: `Receipt for ${amount}`,
        paragraphs: [
          `${entry.stripe?.automatic ? "Automatic top-up added" : "You bought"} ${amount} of credits. They are in your balance. One credit is one US dollar.`,
        ],
        facts: [
          { name: "Receipt", value: receiptNumber(entry) },
          { name: "Date", value: `${formatDay(entry.at)} (UTC)` },
          { name: "Paid by", value: sourceOf(entry) },
          ...lines.map((line, index) => ({
            name: line.name,
            value: formatUsd(line.amount),
            strong: index === lines.length - 1,
          })),
        ],
        action: {
          label: "View receipt",
          url: pageAddress(account, `/dashboard/receipts/${encodeURIComponent(entry._id)}`),
        },
        notes: ["The receipt page can be printed and saved."],
        reason: `This email is sent after each purchase. Change which emails you get: ${pageAddress(account, EMAILS_PAGE)}`,
      }),
    },
  );
}

/** Mails that a part of a purchase was refunded, or that a refund did not reach the buyer and is in the balance again. */
export async function mailRefund({
  account,
  entry,
}: {
  account: Account;
  entry: LedgerEntry;
}): Promise<void> {
  const { amount: change, reason, at } = entry;
  const isReturned = change > 0;
  const amount = formatUsd(Math.abs(change));
  const heading = isReturned
    ? `A refund of ${amount} failed`
    : `${amount} of credits were refunded`;
  await sendToMembers(
    { account, topic: "receipts" },
    {
      subject: heading,
      ...message({
        heading,
        paragraphs: [
          isReturned
            ? `${reason ?? "The refund was canceled."} The credits are in your balance again.`
            : "The payment system sends the money to where it was paid from. The credits are no longer in your balance.",
        ],
        facts: [
          { name: "Date", value: `${formatDay(at)} (UTC)` },
          { name: "Credits", value: formatUsd(change), strong: true },
        ],
        action: { label: "Open credits", url: pageAddress(account, "/dashboard/credits") },
        reason: `This email is sent after each refund. Change which emails you get: ${pageAddress(account, EMAILS_PAGE)}`,
      }),
    },
  );
}

export async function mailTopUpStopped({
  account,
  reason,
}: {
  account: Account;
  reason: string;
}): Promise<void> {
  await sendToMembers(
    { account, permission: "credits:manage" },
    {
      subject: "Automatic top-up is off: the card was not charged",
      ...message({
        heading: "Automatic top-up is off",
        paragraphs: [
          `Your balance fell below the threshold of automatic top-up, and the card could not be charged. ${reason}`,
          "Nothing was credited, and automatic top-up stays off until you turn it on again. Requests work as long as you have credits.",
        ],
        action: {
          label: "Change the card",
          url: pageAddress(account, "/dashboard/credits#top-up"),
        },
        notes: ["You can also buy credits there."],
        reason: "This email is always sent when automatic top-up fails.",
      }),
    },
  );
}

export async function mailLowBalance(input: {
  account: Account;
  balance: number;
  threshold: number;
}): Promise<void> {
  const { account, balance, threshold } = input;
  await sendToMembers(
    { account, topic: "low_balance" },
    {
      subject: `Your OneKey balance is below ${formatUsd(threshold)}`,
      ...message({
        heading: `Your balance is below ${formatUsd(threshold)}`,
        paragraphs: [
          "Requests are not affected yet. When no credits are left, they are refused with status 402 and not charged.",
        ],
        facts: [
          { name: "Your threshold", value: formatUsd(threshold) },
          { name: "Balance", value: formatUsd(balance), strong: true },
        ],
        action: { label: "Add credits", url: pageAddress(account, "/dashboard/credits") },
        notes: ["This email is sent once each time the balance falls below the threshold."],
        reason: `Change the threshold, or which emails you get: ${pageAddress(account, EMAILS_PAGE)}`,
      }),
    },
  );
}
