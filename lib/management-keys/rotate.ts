import * as clock from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newManagementKey } from "@/lib/ids";
import { OVERLAPS, type Overlap } from "@/lib/keys/schema";
import { managementKeys } from "./collection";
import { managementPreviewOf, type IssuedManagementKey } from "./create";
import { managementKeyMissing } from "./revoke";
import { liveOldSecrets, OLD_SECRETS_MAX } from "./schema";

/**
 * Gives a management key a new secret and lets those it had work for `overlap` more, or until they would have ended anyway. Name,
 * scopes, addresses and expiry stay. Throws not_found, also for a revoked key; bad_request for a key that has expired or, with
 * `expected` (the preview that the caller saw last), was rotated meanwhile; forbidden while OLD_SECRETS_MAX old secrets work.
 */
export async function rotateManagementKey(input: {
  accountId: string;
  keyId: string;
  overlap: Overlap;
  expected?: string | undefined;
  now?: number;
}): Promise<IssuedManagementKey> {
  const { accountId, keyId, overlap, expected: expectedPreview, now = clock.now() } = input;
  const key = await managementKeys.findOne({
    _id: keyId,
    accountId,
    revokedAt: { $exists: false },
  });
  if (!key) throw managementKeyMissing();
  if (key.expiresAt && key.expiresAt.getTime() <= now) throw hasExpired();
  if (expectedPreview !== undefined && key.preview !== expectedPreview)
    throw managementKeyChanged();
  const end = now + OVERLAPS[overlap];
  const earlier = liveOldSecrets(key, now).map((secret) => ({
    ...secret,
    endsAt: new Date(Math.min(secret.endsAt.getTime(), end)),
  }));
  const current = { digest: key.digest, preview: key.preview, endsAt: new Date(end) };
  const oldSecrets = overlap === "none" ? [] : [...earlier, current];
  if (oldSecrets.length > OLD_SECRETS_MAX)
    throw new AppError(
      "forbidden",
      `At most ${OLD_SECRETS_MAX} old secrets of a key work together. Rotate it with no overlap.`,
    );
  const secret = newManagementKey();
  const changes = {
    digest: digestOf(secret, env().keyPepper),
    preview: managementPreviewOf(secret),
    oldSecrets,
  };
  // The digest changes with each rotation, so of two at the same time one is refused.
  const { matchedCount } = await managementKeys.updateOne(
    { _id: keyId, accountId, digest: key.digest, revokedAt: { $exists: false } },
    { $set: changes },
  );
  if (matchedCount === 0) throw managementKeyChanged();
  return { key: { ...key, ...changes }, secret };
}

const hasExpired = () =>
  new AppError("bad_request", "The management key has expired. Create another one.");

const managementKeyChanged = () =>
  new AppError(
    "bad_request",
    "The management key was changed in another window. Reload the page and try again.",
  );
