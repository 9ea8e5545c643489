import { managementKeys } from "./collection";
import type { ManagementKey } from "./schema";

/** The management keys of an account that were not revoked, the newest first. */
export async function listManagementKeys(accountId: string): Promise<ManagementKey[]> {
  return managementKeys
    .find({ accountId, revokedAt: { $exists: false } })
    .sort({ createdAt: -1 })
    .toArray();
}

/** The key of a digest or of one of its old secrets, whether it works or not. */
export async function findManagementKeyByDigest(digest: string): Promise<ManagementKey | null> {
  return (
    (await managementKeys.findOne({ digest })) ??
    (await managementKeys.findOne({ "oldSecrets.digest": digest }))
  );
}

/**
 * The key of a digest or of an old one that still works; null for one that was revoked, has expired or never existed. It is
 * looked up by a write that changes the key each time, because only a write needs a majority: a primary that was deposed and has
 * not noticed would still read a key as it was before its revocation.
 */
export async function findManagementKey(
  digest: string,
  now: number,
): Promise<ManagementKey | null> {
  const at = new Date(now);
  const live = { revokedAt: { $exists: false }, expiresAt: { $not: { $lte: at } } };
  const mark = {
    $inc: { useCount: 1 },
    $max: { lastUsedDay: at.toISOString().slice(0, 10) },
  };
  const options = { returnDocument: "after" } as const;
  return (
    (await managementKeys.findOneAndUpdate({ ...live, digest }, mark, options)) ??
    (await managementKeys.findOneAndUpdate(
      { ...live, oldSecrets: { $elemMatch: { digest, endsAt: { $gt: at } } } },
      mark,
      options,
    ))
  );
}
