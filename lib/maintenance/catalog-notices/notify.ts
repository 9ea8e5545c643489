import { pageAddress } from "@/lib/accounts/page-address";
import { findById } from "@/lib/accounts/queries";
import { hasNotice, listUnmailed } from "@/lib/catalog/notices/queries";
import { recordNotice, returnUnmailed, takeForMail } from "@/lib/catalog/notices/record";
import type { CatalogNotice } from "@/lib/catalog/notices/schema";
import { now } from "@/lib/clock";
import type { Account } from "@/lib/accounts/schema";
import { emailConfigured } from "@/lib/email/send";
import { sendToMembers } from "@/lib/email/send-to-members";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { listModelUsers } from "@/lib/usage/model-users";
import { catalogEvent } from "@/lib/webhooks/build-events";
import { emitEvent } from "@/lib/webhooks/emit";
import { listUpcoming } from "./upcoming";

const USED_WITHIN_MS = 30 * 86_400_000;

/** Notifies whoever used a model in the last 30 days that ends or costs more within 30: a notice in the dashboard, one mail and a webhook. */
export async function notifyCustomers(): Promise<{ notices: number }> {
  const at = new Date(now());
  const upcoming = listUpcoming(at);
  const users = await listModelUsers({
    models: [...new Set(upcoming.map(({ model }) => model))],
    since: new Date(at.getTime() - USED_WITHIN_MS),
    now: at,
  });
  let count = 0;
  for (const { accountId, model } of users)
    for (const { replacedBy, ...change } of upcoming.filter((entry) => entry.model === model)) {
      const notice = { ...change, accountId };
      if (await hasNotice(notice)) continue;
      await emitEvent(catalogEvent(notice, replacedBy, at));
      if (await recordNotice(notice)) count++;
    }
  if (emailConfigured()) await mailNotices();
  return { notices: count };
}

async function mailNotices(): Promise<void> {
  const byAccount = new Map<string, CatalogNotice[]>();
  for (const notice of await listUnmailed())
    byAccount.set(notice.accountId, [...(byAccount.get(notice.accountId) ?? []), notice]);
  for (const [accountId, notices] of byAccount) {
    const account = await findById(accountId);
    const ids = await takeForMail(notices.map(({ _id }) => _id));
    if (!account || account.erasedAt !== undefined || account.suspendedAt !== undefined) continue;
    const claimedNotices = notices.filter(({ _id }) => ids.includes(_id));
    if (claimedNotices.length === 0) continue;
    await mailTo(account, claimedNotices).catch(async (error: unknown) => {
      await returnUnmailed(ids);
      log.error("catalog.mail_failed", { accountId, error: errorName(error) });
    });
  }
}

async function mailTo(account: Account, notices: CatalogNotice[]): Promise<void> {
  const { nextauthUrl } = env();
  await sendToMembers(
    { account, topic: "models" },
    {
      subject: subjectOf(notices),
      text: [
        "You used these models in the last 30 days:",
        "",
        ...notices.flatMap(({ text, model }) => [text, `${nextauthUrl}/models/${model}`, ""]),
        "Every change of the catalog, also as a feed:",
        `${nextauthUrl}/models/changes`,
        "",
        "A project's price guard refuses requests whose price has risen. Each change is mailed once.",
        "",
        `Change which emails you get: ${pageAddress(account, "/dashboard/settings#emails")}`,
      ].join("\n"),
    },
  );
}

function subjectOf(notices: CatalogNotice[]): string {
  const [first] = notices;
  const change = first?.kind === "price" ? "costs more" : "ends";
  return notices.length === 1
    ? `${first?.model} ${change} on ${first?.on}`
    : `${notices.length} changes of models that you use`;
}
