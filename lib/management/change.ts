import { createHash } from "node:crypto";
import type { AuditResult } from "@/lib/audit-log/record";
import type { AuditType } from "@/lib/audit-log/schema";
import { AppError } from "@/lib/errors";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import type { ManagementCaller } from "./authorize";

/** Makes a change by a management key and keeps it in the account's audit log under the key's name. */
export const changeBy = <T>(
  { account, actor, address, client }: ManagementCaller,
  type: AuditType,
  work: (note: (result: AuditResult) => void) => Promise<T>,
): Promise<T> => auditedWithEvents({ accountId: account._id, actor, type, address, client }, work);

/** The version of what a response shows: the same for the same content. */
export const etagOf = (view: unknown): string =>
  createHash("sha256").update(JSON.stringify(view)).digest("base64url").slice(0, 22);

/** Throws for an update without If-Match, or of another version than the current one. */
export function requireMatch(ifMatch: string | null, view: unknown): void {
  if (ifMatch === null)
    throw new AppError(
      "bad_request",
      "An update needs If-Match with the ETag that was read, so that it changes nothing unseen.",
      { reason: "precondition_required", status: 428 },
    );
  if (ifMatch !== "*" && ifMatch !== etagOf(view))
    throw new AppError(
      "bad_request",
      "It was changed since it was read. Read it again, then repeat the change.",
      { reason: "precondition_failed", status: 412 },
    );
}
