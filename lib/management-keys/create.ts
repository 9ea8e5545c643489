import * as clock from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newId, newManagementKey, previewOf } from "@/lib/ids";
import { KeyName, type Creator } from "@/lib/keys/schema";
import { managementKeys } from "./collection";
import {
  MANAGEMENT_ADDRESSES_MAX,
  MANAGEMENT_KEYS_MAX,
  type ManagementKey,
  type ManagementScope,
} from "./schema";

/** A management key and its secret, which is readable only here. */
export type IssuedManagementKey = { key: ManagementKey; secret: string };

/** Beginning and end of a secret. */
export const managementPreviewOf = (secret: string): string =>
  `${secret.slice(0, 19)}…${previewOf(secret).slice(-4)}`;

/**
 * Creates a management key; its secret is readable only in this result. Throws bad_request for a name, an expiry, scopes or
 * addresses that are none, and forbidden where the account has MANAGEMENT_KEYS_MAX of them.
 */
export async function createManagementKey(input: {
  accountId: string;
  name: string;
  scopes: ManagementScope[];
  creator: Creator;
  expiresAt?: Date | undefined;
  addresses?: string[] | undefined;
  now?: number;
}): Promise<IssuedManagementKey> {
  const { accountId, scopes, creator, expiresAt, addresses, now = clock.now() } = input;
  const name = KeyName.safeParse(input.name);
  if (!name.success) throw wrong("name", name.error.issues[0]?.message ?? "That is not a name.");
  if (scopes.length === 0) throw wrong("scopes", "Choose at least one scope.");
  if (expiresAt && !(expiresAt.getTime() > now))
    throw wrong("expiresAt", "The key would have expired already. Choose a later time.");
  if (addresses && addresses.length > MANAGEMENT_ADDRESSES_MAX)
    throw wrong("addresses", `A key lists at most ${MANAGEMENT_ADDRESSES_MAX} addresses.`);
  const liveCount = () =>
    managementKeys.countDocuments({ accountId, revokedAt: { $exists: false } });
  if ((await liveCount()) >= MANAGEMENT_KEYS_MAX) throw tooManyManagementKeys();
  const secret = newManagementKey();
  const key: ManagementKey = {
    _id: newId("mgk"),
    accountId,
    name: name.data,
    scopes: [...new Set(scopes)],
    digest: digestOf(secret, env().keyPepper),
    preview: managementPreviewOf(secret),
    createdAt: new Date(now),
    creator,
    ...(expiresAt ? { expiresAt } : {}),
    ...(addresses ? { addresses } : {}),
  };
  await managementKeys.insertOne(key);
  // Of keys that are created together, the last of those that stay has counted all the others.
  if ((await liveCount()) > MANAGEMENT_KEYS_MAX) {
    await managementKeys.deleteOne({ _id: key._id });
    throw tooManyManagementKeys();
  }
  return { key, secret };
}

const tooManyManagementKeys = () =>
  new AppError(
    "forbidden",
    `An account has at most ${MANAGEMENT_KEYS_MAX} management keys. Revoke one first.`,
  );

const wrong = (param: string, message: string) => new AppError("bad_request", message, { param });
