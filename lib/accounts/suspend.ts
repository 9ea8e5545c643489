import { AppError, isDuplicate } from "@/lib/errors";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import { personDigests } from "./person-digests";
import type { Project } from "./schema";

export const accountMissing = () => new AppError("not_found", "There is no such account.");

/**
 * Suspends an account in one write: each project's key is put aside, so that every server refuses it from the next request
 * on, as one that was revoked. Requests that were admitted before still end and are settled. False when it was suspended.
 */
export async function suspend({
  accountId,
  now = new Date(),
}: {
  accountId: string;
  now?: Date;
}): Promise<boolean> {
  const all = await accounts();
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await all.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw accountMissing();
    if (account.suspendedAt) return false;
    const { each: keyChanges, arrayFilters } = withKey(account.projects, "key");
    const result = await all.updateOne(
      {
        _id: accountId,
        suspendedAt: { $exists: false },
        erasedAt: { $exists: false },
        // Whatever makes, replaces or takes away a key changes this list.
        keys: account.keys ?? { $exists: false },
      },
      {
        $set: {
          suspendedAt: now,
          personDigests: personDigests(account),
          ...Object.fromEntries(keyChanges.map(({ at, key }) => [`${at}.heldKey`, key])),
        },
        $unset: { keys: "", ...Object.fromEntries(keyChanges.map(({ at }) => [`${at}.key`, ""])) },
      },
      keyChanges.length > 0 ? { arrayFilters } : {},
    );
    return result.matchedCount === 1 ? true : undefined;
  });
}

/** Ends a suspension: the keys that were put aside work again. False when the account was not suspended. */
export async function lift({ accountId }: { accountId: string }): Promise<boolean> {
  const all = await accounts();
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await all.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw accountMissing();
    if (!account.suspendedAt) return false;
    const { each: keyChanges, arrayFilters } = withKey(account.projects, "heldKey");
    const heldKeys = keyChanges.map(({ id, key }) => ({
      projects: { $elemMatch: { id, "heldKey.digest": key.digest } },
    }));
    try {
      const result = await all.updateOne(
        {
          _id: accountId,
          suspendedAt: account.suspendedAt,
          ...(heldKeys.length > 0 ? { $and: heldKeys } : {}),
        },
        {
          ...(heldKeys.length > 0
            ? {
                $set: {
                  keys: keyChanges.map(({ key }) => key.digest),
                  ...Object.fromEntries(keyChanges.map(({ at, key }) => [`${at}.key`, key])),
                },
              }
            : {}),
          $unset: {
            suspendedAt: "",
            personDigests: "",
            ...Object.fromEntries(keyChanges.map(({ at }) => [`${at}.heldKey`, ""])),
          },
        },
        heldKeys.length > 0 ? { arrayFilters } : {},
      );
      return result.matchedCount === 1 ? true : undefined;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new AppError(
        "bad_request",
        "A key of this account is in use by another one: revoke it there first.",
        {
          cause: error,
        },
      );
    }
  });
}

/** The projects that have the key, each with the path that leads to it whatever its place in the list is by then. */
function withKey(projects: Project[], name: "key" | "heldKey") {
  const keyChanges = projects.flatMap((project, i) => {
    const key = project[name];
    return key
      ? [{ id: project.id, key, at: `projects.$[p${i}]`, filter: { [`p${i}.id`]: project.id } }]
      : [];
  });
  return { each: keyChanges, arrayFilters: keyChanges.map(({ filter }) => filter) };
}
