import { capChange, refuseBelowHeld, type Limits } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { keyAccounts, keys } from "./collection";
import { checkedKeyName, nameTaken } from "./create";
import { changeKeyList } from "./key-list";
import { keyMissing, listKeys, listLiveKeys } from "./queries";
import { checkRules } from "./rules";
import type { ApiKey } from "./schema";

/** What can be changed of a key; a field that is left out stays, null removes it. */
export type KeyChanges = {
  name?: string | undefined;
  expiresAt?: Date | null | undefined;
  models?: string[] | null | undefined;
  addresses?: string[] | null | undefined;
  /** All of them: one that is left out does not limit. */
  limits?: Limits | undefined;
};

/**
 * Changes a key's name, expiry and lists; they count from the next request on, on every instance. With `version`, a key that
 * was changed since is left as it is: throws bad_request. Returns the key and what it was before. Throws not_found.
 */
export async function updateKey(input: {
  accountId: string;
  keyId: string;
  changes: KeyChanges;
  version?: number | undefined;
  now?: number;
}): Promise<{ before: ApiKey; after: ApiKey }> {
  const { accountId, keyId, changes, version, now = clock.now() } = input;
  const before = await keys.findOne({ _id: keyId, accountId });
  if (!before) throw keyMissing();
  if (before.revokedAt) throw new AppError("bad_request", "The key was revoked.");
  const { expiresAt, models, addresses, limits } = changes;
  const name = changes.name === undefined ? before.name : checkedKeyName(changes.name);
  checkRules({
    expiresAt: expiresAt ?? undefined,
    models: models ?? undefined,
    addresses: addresses ?? undefined,
    now,
  });
  if (name !== before.name) {
    const live = await listLiveKeys({ accountId, projectId: before.projectId, now });
    if (live.some((key) => key._id !== keyId && key.name === name)) throw nameTaken(name);
  }
  const account = await keyAccounts.findOne({ _id: accountId });
  if (limits && account) refuseBelowHeld({ holds: account.holds, scope: keyId, limits, now });
  const lists = {
    expiresAt,
    models,
    addresses,
    limits: limits && Object.keys(limits).length === 0 ? null : limits,
  };
  const set = Object.entries(lists).filter(([, value]) => value !== undefined && value !== null);
  const unset = Object.entries(lists).filter(([, value]) => value === null);
  const after = await keys.findOneAndUpdate(
    { _id: keyId, accountId, version: version ?? before.version },
    {
      $set: { name, ...Object.fromEntries(set) },
      ...(unset.length > 0
        ? { $unset: Object.fromEntries(unset.map(([field]) => [field, ""])) }
        : {}),
      $inc: { version: 1 },
    },
    { returnDocument: "after" },
  );
  if (!after) throw changedMeanwhile();
  if (name !== before.name) await refuseSharedName({ before, key: after, now });
  if (set.length > 0 || unset.length > 0) await applyRules({ before, key: after, expiresAt, now });
  return { before, after };
}

/** The error of a change by somebody who has not seen the latest one. */
export const changedMeanwhile = () =>
  new AppError(
    "bad_request",
    "The key was changed meanwhile. Read it again, then repeat the change.",
    { reason: "changed_meanwhile", status: 412 },
  );

/** Undoes a change to a name that another key was given meanwhile, and throws bad_request. */
async function refuseSharedName(input: {
  before: ApiKey;
  key: ApiKey;
  now: number;
}): Promise<void> {
  const { before, key, now } = input;
  const { _id, accountId, projectId, name, version } = key;
  try {
    await changeKeyList({
      accountId,
      now,
      change: async (list, account) => {
        const states = await listKeys({ account, projectId, now });
        const otherKeys = states.filter((state) => state.key._id !== _id && state.live.length > 0);
        if (otherKeys.some((state) => state.key.name === name)) throw nameTaken(name);
        return list;
      },
    });
  } catch (error) {
    await keys.replaceOne({ _id, version }, { ...before, version: version + 1 });
    throw error;
  }
}

/** Makes every server read the key's rules again; an expiry holds for all of its secrets, and never prolongs an old one. */
async function applyRules(input: {
  before: ApiKey;
  key: ApiKey;
  expiresAt: Date | null | undefined;
  now: number;
}): Promise<void> {
  const { before, key, expiresAt, now } = input;
  const current = key.secrets.at(-1)?.digest;
  await changeKeyList({
    accountId: key.accountId,
    now,
    change: (list, account) => {
      const limits = { before: before.limits ?? {}, after: key.limits ?? {} };
      const caps = capChange({ caps: account.caps, scope: key._id, ...limits });
      if (expiresAt === undefined) return { ...list, caps };
      const mine = new Set(key.secrets.map(({ digest }) => digest));
      const otherExpiries = list.expiries.filter(({ digest }) => !mine.has(digest));
      const ends = list.digests.flatMap((digest) => {
        if (!mine.has(digest)) return [];
        const overlapEnd = list.expiries.find((end) => end.digest === digest)?.at ?? Infinity;
        const limit = expiresAt?.getTime() ?? Infinity;
        const at = digest === current ? limit : Math.min(limit, overlapEnd);
        return at === Infinity ? [] : [{ digest, at }];
      });
      return { digests: list.digests, expiries: [...otherExpiries, ...ends], caps };
    },
  });
}
