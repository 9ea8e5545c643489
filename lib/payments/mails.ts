import type { Account } from "@/lib/accounts/schema";
import { sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";
import { formatDay, formatUsd } from "@/lib/format";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { receiptLines, receiptNumber, sourceOf } from "./receipt";

const page = (path: string) => `${env().nextauthUrl}${path}`;

export async function mailReceipt({
  account,
  entry,
}: {
  account: Account;
  entry: LedgerEntry;
}): Promise<void> {
  const lines = receiptLines(entry);
  const width = Math.max(...lines.map(({ name }) => name.length)) + 2;
  await sendEmail({
    to: account.email,
    subject: `Receipt for ${formatUsd(entry.amount)} of OneKey credits`,
    text: [
      `${entry.stripe?.automatic ? "Automatic top-up added" : "You bought"} ${formatUsd(entry.amount)} of credits. They are in your balance.`,
      "",
      ...lines.map(({ name, amount }) => `${name.padEnd(width)}${formatUsd(amount).padStart(12)}`),
      "",
      `Paid by   ${sourceOf(entry)}`,
      `Date      ${formatDay(entry.at)} (UTC)`,
      `Receipt   ${receiptNumber(entry)}`,
      "",
      "To print or save it:",
      page(`/dashboard/receipts/${encodeURIComponent(entry._id)}`),
    ].join("\n"),
  });
}

export async function mailTopUpStopped({
  account,
  reason,
}: {
  account: Account;
  reason: string;
}): Promise<void> {
  await sendEmail({
    to: account.email,
    subject: "Automatic top-up is off: the card was not charged",
    text: [
      `Your balance fell below the threshold of automatic top-up, and the card could not be charged. ${reason}`,
      "",
      "Nothing was credited, and automatic top-up stays off until you turn it on again. Requests are answered as long as credits are left.",
      "",
      "To change the card, or buy credits yourself:",
      page("/dashboard/credits#top-up"),
    ].join("\n"),
  });
}

export async function mailLowBalance(input: {
  account: Account;
  balance: number;
  threshold: number;
}): Promise<void> {
  const { account, balance, threshold } = input;
  await sendEmail({
    to: account.email,
    subject: `Your OneKey balance is below ${formatUsd(threshold)}`,
    text: [
      `${formatUsd(balance)} of credits are left, which is below the ${formatUsd(threshold)} that you set. When nothing is left, requests are refused with status 402.`,
      "",
      "To add credits:",
      page("/dashboard/credits"),
      "",
      "This mail comes once each time the balance falls below the amount. To change the amount, or turn it off:",
      page("/dashboard/settings"),
    ].join("\n"),
  });
}
