import * as clock from "@/lib/clock";
import { keyAccounts, keys } from "./collection";
import { changeKeyList, withoutDigests } from "./key-list";
import { keyMissing } from "./queries";
import type { ApiKey } from "./schema";

type OwnKey = { accountId: string; keyId: string; now?: number };

/**
 * Takes a key away with all of its secrets. A request that was admitted before still ends; the next one is refused, on every
 * instance. Revoking again changes nothing. Throws not_found.
 */
export async function revokeKey({ accountId, keyId, now = clock.now() }: OwnKey): Promise<ApiKey> {
  const key = await keys.findOne({ _id: keyId, accountId });
  if (!key) throw keyMissing();
  await endDigests({ accountId, digests: key.secrets.map(({ digest }) => digest), now });
  await keys.updateOne(
    { _id: keyId, accountId, revokedAt: { $exists: false } },
    { $set: { revokedAt: new Date(now) }, $inc: { version: 1 } },
  );
  await keyAccounts.updateOne(
    { _id: accountId },
    { $pull: { caps: { id: { $regex: `^${keyId}/` } } } },
  );
  // A secret that a rotation added meanwhile, perhaps in the place of an old one.
  const after = await keys.findOne({ _id: keyId, accountId });
  if (after)
    await endDigests({ accountId, digests: after.secrets.map(({ digest }) => digest), now });
  return key;
}

/** Ends the old secrets of a key that was rotated: only the newest works from now on. */
export async function endOverlap({ accountId, keyId, now = clock.now() }: OwnKey): Promise<ApiKey> {
  const key = await keys.findOne({ _id: keyId, accountId });
  if (!key) throw keyMissing();
  await endDigests({
    accountId,
    digests: key.secrets.slice(0, -1).map(({ digest }) => digest),
    now,
  });
  return key;
}

async function endDigests(input: {
  accountId: string;
  digests: string[];
  now: number;
}): Promise<void> {
  const { accountId, digests, now } = input;
  await changeKeyList({
    accountId,
    now,
    change: (list) =>
      list.digests.some((digest) => digests.includes(digest))
        ? withoutDigests(list, digests)
        : null,
  });
}
