import { pageAddress } from "@/lib/accounts/page-address";
import { findById } from "@/lib/accounts/queries";
import { isTeam, type Account } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { message } from "@/lib/email/message";
import { emailConfigured } from "@/lib/email/send";
import { sendToMembers } from "@/lib/email/send-to-members";
import { formatMoment } from "@/lib/format";
import {
  listExpiringKeys,
  returnExpiryNotice,
  takeExpiryNotice,
  type ExpiringKey,
} from "@/lib/keys/expiring";
import { errorName, log } from "@/lib/log";

/**
 * Mails whoever created a key once that it expires within 7 days. Safe to run on several servers. Returns how many keys were
 * looked after.
 */
export async function mailExpiringKeys(now = clock.now()): Promise<number> {
  if (!emailConfigured()) return 0;
  let count = 0;
  for (const key of await listExpiringKeys(now)) {
    const { accountId, creator } = key;
    const account = await findById(accountId);
    if (!account || account.erasedAt !== undefined || account.suspendedAt !== undefined) continue;
    if (!(await takeExpiryNotice(key))) continue;
    count++;
    if (creator?.kind !== "person" || creator.id === null) continue;
    await mailExpiry({ account, key, creatorId: creator.id }).catch(async (error: unknown) => {
      await returnExpiryNotice(key);
      log.error("key.expiry_mail_failed", { accountId, error: errorName(error) });
    });
  }
  return count;
}

async function mailExpiry(input: {
  account: Account;
  key: ExpiringKey;
  creatorId: string;
}): Promise<void> {
  const { account, key, creatorId } = input;
  const { _id: keyId, name, projectId, expiresAt, secrets } = key;
  const project = account.projects.find(({ id }) => id === projectId);
  await sendToMembers(
    { account, topic: "key_expiry", only: [creatorId] },
    {
      subject: `Your OneKey key "${name}" expires on ${formatMoment(expiresAt)}`,
      ...message({
        heading: "A key of yours expires soon",
        ...(isTeam(account) ? { team: account.name } : {}),
        paragraphs: [
          "From then on, requests with it are refused with status 401. Give it a later day, or create another key and put it where this one is set.",
        ],
        facts: [
          { name: "Key", value: name },
          { name: "Preview", value: secrets.at(-1)?.preview ?? "" },
          { name: "Project", value: project?.name ?? "" },
          { name: "Expires", value: `${formatMoment(expiresAt)} (UTC)`, strong: true },
        ],
        action: {
          label: "Open the key",
          url: pageAddress(account, `/dashboard/projects/${projectId}/keys/${keyId}`),
        },
        reason: `This email is sent once, 7 days before a key that you created expires. Change which emails you get: ${pageAddress(account, "/dashboard/settings#emails")}`,
      }),
    },
  );
}
