import type { FindOptions } from "mongodb";
import { collection } from "@/lib/db/collection";
import { LATEST } from "@/lib/db/latest-read";
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
 * Records which account and channel these provider ids belong to: the response's id first, then those of its items. One
 * document, so that no instance ever sees the response without its items. Ids beyond IDS_MAX are dropped.
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
    // The same response again: its account gets the later ids, and no other account does.
    if (laterIds.length > 0)
      await responses.updateOne(
        { _id: first, accountId },
        { $addToSet: { ids: { $each: laterIds } } },
      );
  }
}

/** The channel that holds an id of this account; null for an id that is not recorded, or whose first owner is another account. */
export async function channelOf({
  accountId,
  id,
}: {
  accountId: string;
  id: string;
}): Promise<string | null> {
  const digest = digestOf(id, env().keyPepper);
  const record = (await findResponse(digest)) ?? (await findResponse(digest, LATEST));
  return record?.accountId === accountId ? record.channel : null;
}

async function findResponse(digest: string, options?: FindOptions): Promise<StoredId | null> {
  const at = { $gte: new Date(Date.now() - STORED_DAYS * 86_400_000) };
  // Most ids are of responses: looked up by _id first, which is also the shard key.
  const response = await responses.findOne({ _id: digest, at }, options);
  if (response) return response;
  const owners = responses.find({ ids: digest, at }, options).sort({ at: 1, _id: 1 });
  return (await owners.limit(1).toArray())[0] ?? null;
}
