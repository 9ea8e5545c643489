import { collection } from "@/lib/db/collection";
import { env } from "@/lib/env";
import { isDuplicate } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { STORED_DAYS, type StoredId } from "./schema";

const IDS_MAX = 256;

const responses = collection<StoredId>("stored");

export async function ensureIndexes(): Promise<void> {
  await responses.createIndexes([
    { key: { at: 1 }, expireAfterSeconds: STORED_DAYS * 86_400, name: "expiry" },
    { key: { ids: 1 }, sparse: true, name: "ids" },
  ]);
}

/**
 * Remembers that these provider ids were given to an account, and through which channel: the response's id first, then those of
 * its items. One document, so that no instance ever sees the response without its items.
 */
export async function rememberIds({
  accountId,
  channel,
  ids,
}: {
  accountId: string;
  channel: string;
  ids: string[];
}): Promise<void> {
  const [first, ...laterIds] = [...new Set(ids)]
    .slice(0, IDS_MAX)
    .map((id) => digestOf(id, env().keyPepper));
  if (first === undefined) return;
  try {
    await responses.insertOne({ _id: first, ids: laterIds, accountId, channel, at: new Date() });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // The same response again. Ids that its first owner has stay there.
    if (laterIds.length > 0)
      await responses.updateOne(
        { _id: first, accountId },
        { $addToSet: { ids: { $each: laterIds } } },
      );
  }
}

/** The channel that holds an id of this account; null for one that this account was not given, or another was given before. */
export async function channelOf({
  accountId,
  id,
}: {
  accountId: string;
  id: string;
}): Promise<string | null> {
  const at = { $gte: new Date(Date.now() - STORED_DAYS * 86_400_000) };
  const digest = digestOf(id, env().keyPepper);
  // Most ids are of responses: they are looked up by _id, which names the shard.
  const response = await responses.findOne({ _id: digest, at });
  const [owner] = response
    ? [response]
    : await responses.find({ ids: digest, at }).sort({ at: 1, _id: 1 }).limit(1).toArray();
  return owner?.accountId === accountId ? owner.channel : null;
}
