import { collection } from "@/lib/db/client";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { STORED_DAYS, type StoredId } from "./schema";

const stored = () => collection<StoredId>("stored");

export async function ensureIndexes(): Promise<void> {
  await (
    await stored()
  ).createIndex({ at: 1 }, { expireAfterSeconds: STORED_DAYS * 86_400, name: "expiry" });
}

/**
 * Remembers that these provider ids were given to an account, and through which channel. In one command: the client's next
 * request may name any of them.
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
  const at = new Date();
  const writes = ids.slice(0, 256).map((id) => ({
    updateOne: {
      filter: { _id: digestOf(id, env().keyPepper) },
      update: { $setOnInsert: { accountId, channel, at } },
      upsert: true,
    },
  }));
  await (await stored()).bulkWrite(writes, { ordered: false });
}

/** The channel that holds an id of this account; null for one that this account was not given. */
export async function channelOf({
  accountId,
  id,
}: {
  accountId: string;
  id: string;
}): Promise<string | null> {
  const since = new Date(Date.now() - STORED_DAYS * 86_400_000);
  const found = await (
    await stored()
  ).findOne({ _id: digestOf(id, env().keyPepper), accountId, at: { $gte: since } });
  return found?.channel ?? null;
}
