import { pageAddress } from "@/lib/accounts/page-address";
import type { Account } from "@/lib/accounts/schema";
import { message } from "@/lib/email/message";
import { emailConfigured } from "@/lib/email/send";
import { sendToMembers } from "@/lib/email/send-to-members";
import { errorName, log } from "@/lib/log";

/** Mails owners and admins of a team that its ownership went to another member. A mail that fails undoes nothing. */
export async function mailTransferred(input: {
  account: Account;
  formerOwner: string;
  newOwner: string;
}): Promise<void> {
  const { account, formerOwner, newOwner } = input;
  if (!emailConfigured()) return;
  await sendToMembers(
    { account, permission: "members:manage" },
    {
      subject: `${newOwner} owns ${account.name} on OneKey`,
      ...message({
        heading: `${account.name} has another owner`,
        paragraphs: [
          `${formerOwner} transferred the ownership of ${account.name} to ${newOwner}, and is an admin now. An owner decides about members, deletion and further transfers.`,
        ],
        action: { label: "Open the team", url: pageAddress(account, "/dashboard/settings/team") },
        reason: "This email is sent to owners and admins when the ownership of a team changes.",
      }),
    },
  ).catch((error: unknown) =>
    log.error("transfer.mail_failed", { accountId: account._id, error: errorName(error) }),
  );
}
