import { AppError, isDuplicate } from "@/lib/errors";
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
  for (;;) {
    const account = await all.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw accountMissing();
    if (account.suspendedAt) return false;
    const { each, arrayFilters } = withKey(account.projects, "key");
    const done = await all.updateOne(
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
          ...Object.fromEntries(each.map(({ at, key }) => [`${at}.heldKey`, key])),
        },
        $unset: { keys: "", ...Object.fromEntries(each.map(({ at }) => [`${at}.key`, ""])) },
      },
      each.length > 0 ? { arrayFilters } : {},
    );
    if (done.matchedCount === 1) return true;
  }
}

/** Ends a suspension: the keys that were put aside work again. False when the account was not suspended. */
export async function lift({ accountId }: { accountId: string }): Promise<boolean> {
  const all = await accounts();
  for (;;) {
    const account = await all.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) throw accountMissing();
    if (!account.suspendedAt) return false;
    const { each, arrayFilters } = withKey(account.projects, "heldKey");
    const held = each.map(({ id, key }) => ({
      projects: { $elemMatch: { id, "heldKey.digest": key.digest } },
    }));
    try {
      const done = await all.updateOne(
        {
          _id: accountId,
          suspendedAt: account.suspendedAt,
          ...(held.length > 0 ? { $and: held } : {}),
        },
        {
          ...(held.length > 0
            ? {
                $set: {
                  keys: each.map(({ key }) => key.digest),
                  ...Object.fromEntries(each.map(({ at, key }) => [`${at}.key`, key])),
                },
              }
            : {}),
          $unset: {
            suspendedAt: "",
            personDigests: "",
            ...Object.fromEntries(each.map(({ at }) => [`${at}.heldKey`, ""])),
          },
        },
        held.length > 0 ? { arrayFilters } : {},
      );
      if (done.matchedCount === 1) return true;
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
  }
}

/** The projects that have the key, each with the path that leads to it whatever its place in the list is by then. */
function withKey(projects: Project[], name: "key" | "heldKey") {
  const each = projects.flatMap((project, i) => {
    const key = project[name];
    return key
      ? [{ id: project.id, key, at: `projects.$[p${i}]`, filter: { [`p${i}.id`]: project.id } }]
      : [];
  });
  return { each, arrayFilters: each.map(({ filter }) => filter) };
}
