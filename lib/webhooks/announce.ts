import { audited, type AuditDetails, type AuditResult } from "@/lib/audit-log/record";
import { eachRecentEntry } from "@/lib/audit-log/queries";
import * as clock from "@/lib/clock";
import { mailMemberChange } from "@/lib/email/member-change-mail";
import { accountsWithEndpoints } from "@/lib/webhook-endpoints/queries";
import { processSingleton } from "@/lib/process-singleton";
import { auditEvents, EVENT_AUDIT_TYPES } from "./build-events";
import { emitEvent, tryEmit } from "./emit";
import { RETRY_MS } from "./retry-schedule";

/**
 * Makes a change that is kept in the audit log, and once it is made, records the events that it stands for and mails the members who
 * want it.
 */
export const auditedWithEvents = <T>(
  details: AuditDetails,
  work: (note: (result: AuditResult) => void) => Promise<T>,
): Promise<T> =>
  audited(details, work, async (entry) => {
    for (const event of auditEvents(entry)) await tryEmit(event);
    await mailMemberChange(entry);
  });

/** How far the job looks back; the first time in a process, as far as any delivery is tried. */
const LOOK_BACK_MS = 15 * 60_000;
const sweepState = processSingleton("webhooks.audit", () => ({ isFirst: true }));
const BATCH = 500;

/** Records the events of changes whose server died before it could; what was recorded is recorded once. */
export async function announceChanges(now = clock.now()): Promise<void> {
  const from = new Date(now - (sweepState.isFirst ? RETRY_MS : LOOK_BACK_MS));
  const entries = eachRecentEntry({ types: EVENT_AUDIT_TYPES, from, batchSize: BATCH });
  for await (const batch of entries) {
    const accountIds = await accountsWithEndpoints([
      ...new Set(batch.map(({ accountId }) => accountId)),
    ]);
    for (const entry of batch)
      if (accountIds.has(entry.accountId))
        for (const event of auditEvents(entry)) await emitEvent(event);
  }
  sweepState.isFirst = false;
}
