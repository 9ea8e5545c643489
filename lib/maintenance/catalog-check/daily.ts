import { claimCheck, scheduleCheck } from "@/lib/catalog/checks/claim";
import { findLatestCheck } from "@/lib/catalog/checks/queries";
import type { CatalogCheck, CatalogFinding } from "@/lib/catalog/checks/schema";
import { emailConfigured, sendEmail } from "@/lib/email/send";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { notifyCustomers } from "../catalog-notices/notify";
import { mailExpiringKeys } from "../expiring-keys";
import { checkCatalog } from "./run";

const DAY_MS = 86_400_000;
const AFTER_FAILURE_MS = 3_600_000;

/**
 * The work of a day, when it is due and no other instance has it: the check, and the mails about keys that expire and the notices to
 * customers, which go out also when the check fails. Safe in every process at the same time.
 */
export async function runDailyCheck(): Promise<boolean> {
  if (!(await claimCheck())) return false;
  try {
    await mailExpiringKeys();
    await notifyCustomers();
    const before = await findLatestCheck();
    const check = await checkCatalog();
    await mailFindings({ check, before });
    await scheduleCheck(DAY_MS);
    return true;
  } catch (error) {
    await scheduleCheck(AFTER_FAILURE_MS);
    throw error;
  }
}

const keyOf = ({ kind, model, detail }: CatalogFinding) => `${kind} ${model} ${detail}`;

/** Sends the operators what the check before this one did not have. */
export async function mailFindings({
  check,
  before,
}: {
  check: CatalogCheck;
  before: CatalogCheck | null;
}): Promise<void> {
  const knownKeys = new Set((before?.findings ?? []).map(keyOf));
  const news = check.findings.filter((finding) => !knownKeys.has(keyOf(finding)));
  if (news.length === 0 || !emailConfigured()) return;
  for (const to of env().operatorEmails) {
    await sendEmail({
      to,
      subject: `The catalog check found ${news.length} ${news.length === 1 ? "difference" : "differences"}`,
      text: [
        ...news.map(({ kind, model, detail }) => `${kind.padEnd(7)} ${model}: ${detail}`),
        "",
        "To look at them, and to apply what is certain:",
        `${env().nextauthUrl}/dashboard/operator`,
      ].join("\n"),
    }).catch((error: unknown) => log.error("catalog.mail_failed", { error: errorName(error) }));
  }
}
