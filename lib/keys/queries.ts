import type { Account } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { keyAccounts, keys } from "./collection";
import { keyListOf } from "./key-list";
import type { ApiKey } from "./schema";

/** A secret of a key as it is now: whether it works, and until when where that is limited. */
export type SecretState = { digest: string; preview: string; createdAt: Date; endsAt: Date | null };

/** A key with the secrets that work now, the newest last; none for one that was revoked or has expired. */
export type KeyState = { key: ApiKey; live: SecretState[] };

/** Another account's key is missing too, word for word. */
export const keyMissing = () => new AppError("not_found", "There is no such key.");

/** The keys of an account, or of one of its projects, the newest first, each with what the account document says of it. */
export async function listKeys({
  account,
  projectId,
  now = clock.now(),
}: {
  account: Account;
  projectId?: string | undefined;
  now?: number;
}): Promise<KeyState[]> {
  const filter = { accountId: account._id, ...(projectId === undefined ? {} : { projectId }) };
  const all = await keys.find(filter).sort({ createdAt: -1 }).toArray();
  return all.map((key) => keyStateOf({ account, key, now }));
}

/** A key of an account by its id. Throws not_found. */
export async function getKey({
  account,
  keyId,
  now = clock.now(),
}: {
  account: Account;
  keyId: string;
  now?: number;
}): Promise<KeyState> {
  const key = await keys.findOne({ _id: keyId, accountId: account._id });
  if (!key) throw keyMissing();
  return keyStateOf({ account, key, now });
}

/** The keys of a project that work now. Of a suspended account: those that come back. */
export async function listLiveKeys({
  accountId,
  projectId,
  now = clock.now(),
}: {
  accountId: string;
  projectId: string;
  now?: number;
}): Promise<ApiKey[]> {
  const account = await keyAccounts.findOne({ _id: accountId });
  if (!account) return [];
  const states = await listKeys({ account, projectId, now });
  return states.filter(({ live }) => live.length > 0).map(({ key }) => key);
}

/** The key that a digest belongs to, whether it works or not. */
export async function findKeyByDigest(digest: string): Promise<ApiKey | null> {
  return keys.findOne({ "secrets.digest": digest });
}

function keyStateOf({
  account,
  key,
  now,
}: {
  account: Account;
  key: ApiKey;
  now: number;
}): KeyState {
  const { digests, expiries } = keyListOf(account, now);
  const live = key.secrets
    .filter(({ digest }) => digests.includes(digest))
    .map((secret) => {
      const end = expiries.find(({ digest }) => digest === secret.digest);
      return { ...secret, endsAt: end ? new Date(end.at) : null };
    });
  return { key, live };
}
