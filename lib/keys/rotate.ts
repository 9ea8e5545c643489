import { KEYS_MAX } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newKey, previewOf } from "@/lib/ids";
import { keyAccounts, keys } from "./collection";
import { suspendedGetsNone, tooManyKeys, type IssuedKey } from "./create";
import { changeKeyList, keyListOf, withoutDigests } from "./key-list";
import { keyMissing } from "./queries";
import { OVERLAPS, type Overlap } from "./schema";

/** So many secrets are kept with a key: those that work, and the latest of those that did. */
const SECRETS_MAX = 20;

/**
 * Gives a key a new secret and lets those it had work for `overlap` more, or until they would have ended anyway. Name, rules and
 * limits stay, and both draw on the same limits. Throws not_found, bad_request for a key that was revoked, has expired or, with
 * `expected` (the preview that the caller saw last), was rotated meanwhile; forbidden for a suspended or full account.
 */
export async function rotateKey(input: {
  accountId: string;
  keyId: string;
  overlap: Overlap;
  expected?: string | undefined;
  now?: number;
}): Promise<IssuedKey> {
  const { accountId, keyId, overlap, expected: expectedPreview, now = clock.now() } = input;
  const key = await keys.findOne({ _id: keyId, accountId });
  const account = await keyAccounts.findOne({ _id: accountId });
  if (!key || !account) throw keyMissing();
  const { digests } = keyListOf(account, now);
  const isLive = (candidate: { digest: string }) => digests.includes(candidate.digest);
  if (key.revokedAt || !key.secrets.some(isLive)) throw notLive();
  if (expectedPreview !== undefined && key.secrets.at(-1)?.preview !== expectedPreview)
    throw rotatedMeanwhile();
  const secret = newKey();
  const digest = digestOf(secret, env().keyPepper);
  const former = key.secrets.map((candidate) => candidate.digest);
  const newSecret = { digest, preview: previewOf(secret), createdAt: new Date(now) };
  const secrets = [
    ...key.secrets.filter(
      (candidate, i) => isLive(candidate) || i > key.secrets.length - SECRETS_MAX,
    ),
    newSecret,
  ];
  const writeResult = await keys.updateOne(
    { _id: keyId, accountId, version: key.version, revokedAt: { $exists: false } },
    { $set: { secrets }, $inc: { version: 1 } },
  );
  if (writeResult.matchedCount === 0) throw rotatedMeanwhile();
  const endsAt = now + OVERLAPS[overlap];
  const removeNewKey = async (error: unknown): Promise<never> => {
    if (error instanceof AppError)
      await keys.updateOne({ _id: keyId, accountId }, { $pull: { secrets: { digest } } });
    throw error;
  };
  await changeKeyList({
    accountId,
    now,
    change: (list, { suspendedAt }) => {
      if (suspendedAt) throw suspendedGetsNone();
      const live = list.digests.filter((candidate) => former.includes(candidate));
      if (live.length === 0) throw notLive();
      const expiresAt = key.expiresAt?.getTime();
      const ownExpiries = expiresAt === undefined ? [] : [{ digest, at: expiresAt }];
      if (overlap === "none") {
        const { digests, expiries } = withoutDigests(list, former);
        return { digests: [...digests, digest], expiries: [...expiries, ...ownExpiries] };
      }
      if (list.digests.length >= KEYS_MAX) throw tooManyKeys();
      const otherExpiries = list.expiries.filter((candidate) => !live.includes(candidate.digest));
      const ends = live.map((candidate) => {
        const earlier = list.expiries.find((end) => end.digest === candidate)?.at ?? Infinity;
        return { digest: candidate, at: Math.min(endsAt, earlier) };
      });
      return {
        digests: [...list.digests, digest],
        expiries: [...otherExpiries, ...ends, ...ownExpiries],
      };
    },
  }).catch(removeNewKey);
  return { key: { ...key, secrets, version: key.version + 1 }, secret };
}

const notLive = () =>
  new AppError("bad_request", "The key was revoked or has expired. Create another one.");

const rotatedMeanwhile = () =>
  new AppError(
    "bad_request",
    "The key was changed meanwhile, in another window. Look at it before you rotate it.",
  );
