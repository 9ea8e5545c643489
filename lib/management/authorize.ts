import { isAddressIn } from "@/lib/accounts/addresses";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import type { AuditActor } from "@/lib/audit-log/schema";
import { clientOf } from "@/lib/auth/client";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, isWellFormedKey, isWellFormedManagementKey } from "@/lib/ids";
import { findManagementKey } from "@/lib/management-keys/queries";
import type { ManagementKey, ManagementScope } from "@/lib/management-keys/schema";
import type { Role } from "@/lib/teams/schema";

/** A management key does what its scopes allow, and sees what this role sees: only owners and admins create one. */
export const MANAGEMENT_ROLE: Role = "admin";

/** Who manages: the key, its account as it is now, and how the audit log names them. */
export type ManagementCaller = {
  key: ManagementKey;
  account: Account;
  /** The secret as it was sent, which encrypts saved responses. */
  secret: string;
  actor: AuditActor;
  address: string;
  client: string;
};

/**
 * The caller of a request, read from the database each time, so that a revoked key is refused immediately. Throws invalid_key, and
 * forbidden for a model key, a missing scope, a client address or a suspended account.
 */
export async function authorize(
  request: Request,
  scope: ManagementScope,
): Promise<ManagementCaller> {
  const secret = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  if (isWellFormedKey(secret))
    throw new AppError(
      "forbidden",
      "A key of a project cannot manage the account. Send a management key.",
    );
  const key = isWellFormedManagementKey(secret)
    ? await findManagementKey(digestOf(secret, env().keyPepper), now())
    : null;
  const account = key && (await findById(key.accountId));
  if (!key || !account || account.erasedAt) throw invalidKey();
  const address = clientOf(request.headers);
  if (key.addresses && !isAddressIn(address, key.addresses))
    throw new AppError("forbidden", "The key does not allow requests from this client address.");
  if (!key.scopes.includes(scope))
    throw new AppError("forbidden", `The key has no scope "${scope}". Send a key that has it.`);
  if (account.suspendedAt && scope !== "read")
    throw new AppError("forbidden", "The account is suspended. Nothing can be changed.");
  return {
    key,
    account,
    secret,
    actor: { kind: "management_key", id: key._id, name: key.name },
    address,
    client: (request.headers.get("user-agent") ?? "").slice(0, 80),
  };
}

const invalidKey = () =>
  new AppError(
    "invalid_key",
    "This management key is not valid: it was revoked, has expired or never existed. Create one in the settings.",
    { headers: { "www-authenticate": 'Bearer realm="OneKey"' } },
  );
