import { pageAddress } from "@/lib/accounts/page-address";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { message } from "@/lib/email/message";
import { emailConfigured } from "@/lib/email/send";
import { sendToMembers } from "@/lib/email/send-to-members";
import { errorName, log } from "@/lib/log";
import { leaseDisabledMail, markDisabledMailed } from "@/lib/webhook-endpoints/health";
import { listUnmailedDisabled } from "@/lib/webhook-endpoints/queries";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";

/** Notifies the owners of endpoints that were disabled. A mail that could not be sent is due again in two minutes. */
export async function mailDisabledEndpoints(now = clock.now()): Promise<void> {
  if (!emailConfigured()) return;
  for (const endpoint of await listUnmailedDisabled(new Date(now))) {
    const { _id: endpointId, accountId } = endpoint;
    try {
      if (!(await leaseDisabledMail({ endpointId, now }))) continue;
      const account = await findById(accountId);
      if (account && !account.erasedAt) await mailDisabled(account, endpoint);
      await markDisabledMailed(endpointId);
    } catch (error) {
      log.error("webhook.mail_failed", { accountId, error: errorName(error) });
    }
  }
}

async function mailDisabled(account: Account, { url, disabled }: WebhookEndpoint): Promise<void> {
  const { host } = new URL(url);
  await sendToMembers(
    { account, permission: "integrations:manage" },
    {
      subject: `Webhooks to ${host} are disabled`,
      ...message({
        heading: "A webhook endpoint is disabled",
        paragraphs: [
          disabled?.reason === "gone"
            ? "It responded 410 Gone, which says that it takes no events any more."
            : "It accepted no event for 3 days. Every attempt got an error or no response.",
          "No event is posted to it until you enable it again. What was not accepted is listed for 30 days and can be sent again.",
        ],
        facts: [{ name: "Endpoint", value: url }],
        action: {
          label: "Open webhooks",
          url: pageAddress(account, "/dashboard/settings/webhooks"),
        },
        reason: "This email is sent when an endpoint of your account is disabled.",
      }),
    },
  );
}
