import { now } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { auditLog } from "./collection";
import type { AuditEntry } from "./schema";

/** What an entry says; `changes` may be known only after the work. */
export type AuditDetails = Pick<AuditEntry, "accountId" | "actor" | "type" | "address" | "client"> &
  Partial<Pick<AuditEntry, "target" | "changes">>;

/** What the work adds to its entry. */
export type AuditResult = Partial<Pick<AuditEntry, "target" | "changes">>;

/**
 * Changes something and keeps it in the audit log. The entry is written before the work and completed after it, so that no
 * change is without one when the process dies in between. Work that is refused leaves no entry. `after` gets the complete entry.
 */
export async function audited<T>(
  details: AuditDetails,
  work: (note: (result: AuditResult) => void) => Promise<T>,
  after: (entry: AuditEntry) => Promise<void> = async () => undefined,
): Promise<T> {
  const _id = newId("aud");
  let result: AuditResult = {};
  const entry = { changes: [], ...details, _id, at: new Date(now()), done: false };
  await auditLog.insertOne(entry);
  try {
    const value = await work((details) => (result = { ...result, ...details }));
    await auditLog.updateOne({ _id }, { $set: { ...result, done: true } });
    await after({ ...entry, ...result, done: true });
    return value;
  } catch (error) {
    if (error instanceof AppError) await auditLog.deleteOne({ _id });
    throw error;
  }
}

/** Deletes the log of a deleted account. */
export async function eraseAuditLog(accountId: string): Promise<void> {
  await auditLog.deleteMany({ accountId });
}
