import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import { AUDIT_DAYS, type AuditEntry } from "./schema";

export const auditLog = (): Promise<Collection<AuditEntry>> => collection<AuditEntry>("audit_log");

export async function ensureIndexes(): Promise<void> {
  await (
    await auditLog()
  ).createIndexes([
    { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
    { key: { at: 1 }, name: "expiry", expireAfterSeconds: AUDIT_DAYS * 86_400 },
  ]);
}
