import { headers } from "next/headers";
import type { AuditResult } from "@/lib/audit-log/record";
import type { AuditEntry, AuditType } from "@/lib/audit-log/schema";
import { clientOf } from "@/lib/auth/client";
import type { AccountMember } from "@/lib/auth/member";
import type { Creator } from "@/lib/keys/schema";
import { browserName } from "@/lib/sessions/browser-name";
import { displayNameOf, type User } from "@/lib/users/schema";
import { auditedWithEvents } from "@/lib/webhooks/announce";

/** The person who is signed in, as the author of a change. */
export const personOf = (user: Pick<User, "_id" | "name" | "email">): Creator => ({
  kind: "person",
  id: user._id,
  name: displayNameOf(user),
});

/** The address and the browser of the request, as an entry of the audit log names them. */
export async function requestOrigin(): Promise<Pick<AuditEntry, "address" | "client">> {
  const requestHeaders = await headers();
  return {
    address: clientOf(requestHeaders),
    client: browserName(requestHeaders.get("user-agent") ?? ""),
  };
}

/** Makes a change by the person who is signed in and keeps it in the account's audit log, with the browser it came from. */
export async function auditedByPerson<T>(
  {
    account,
    user,
    role,
  }: Pick<AccountMember, "user"> &
    Partial<Pick<AccountMember, "role">> & { account: { _id: string } },
  type: AuditType,
  work: (note: (result: AuditResult) => void) => Promise<T>,
  target?: AuditEntry["target"],
): Promise<T> {
  return auditedWithEvents(
    {
      accountId: account._id,
      actor: { ...personOf(user), ...(role === undefined ? {} : { role }) },
      type,
      ...(await requestOrigin()),
      ...(target ? { target } : {}),
    },
    work,
  );
}
