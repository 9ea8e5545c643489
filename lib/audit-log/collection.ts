import { collection } from "@/lib/db/collection";
import { AUDIT_DAYS, type AuditEntry } from "./schema";

export const auditLog = collection<AuditEntry>("audit_log");

export async function ensureIndexes(): Promise<void> {
  await auditLog.createIndexes([
    { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: AUDIT_DAYS * 86_400 },
  ]);
}
