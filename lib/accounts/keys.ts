import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newKey, previewOf } from "@/lib/ids";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import { projectMissing } from "./projects";

/**
 * Gives a project a fresh key and returns it, the only time it is readable; the key it had is refused from now on. With
 * `expected`, the preview of the key that is to be replaced ("" for none), another one that was made meanwhile stays.
 */
export async function regenerateKey({
  accountId,
  projectId,
  expected: expectedDigest,
}: {
  accountId: string;
  projectId: string;
  expected?: string;
}): Promise<string> {
  const key = newKey();
  const digest = digestOf(key, env().keyPepper);
  const all = await accounts();
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    const replacedKey = account?.projects.find((project) => project.id === projectId)?.key;
    if (!account) throw projectMissing();
    if (account.suspendedAt)
      throw new AppError(
        "forbidden",
        "The account is suspended: it gets no key until the operator lifts that.",
      );
    if (expectedDigest !== undefined && (replacedKey?.preview ?? "") !== expectedDigest)
      throw new AppError(
        "bad_request",
        "The key was changed meanwhile, in another window: look at it before you replace it.",
      );
    const old = replacedKey?.digest;
    const keys = [...(account.keys ?? []).filter((keyDigest) => keyDigest !== old), digest];
    const next = {
      digest,
      preview: previewOf(key),
      createdAt: new Date(),
      replaced: replacedKey?.preview,
    };
    const result = await all.updateOne(
      {
        _id: accountId,
        suspendedAt: { $exists: false },
        projects: { $elemMatch: { id: projectId, "key.digest": old ?? { $exists: false } } },
        keys: account.keys ?? { $exists: false },
      },
      { $set: { keys, "projects.$[p].key": next } },
      { arrayFilters: [{ "p.id": projectId }] },
    );
    return result.matchedCount === 1 ? key : undefined;
  });
}

/** Takes a project's key away. A request that was admitted before still ends; the next one is refused, on every instance. */
export async function revokeKey({
  accountId,
  projectId,
}: {
  accountId: string;
  projectId: string;
}): Promise<void> {
  const all = await accounts();
  await retryUntilApplied(APPLY_TRIES, async () => {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    if (!account) throw projectMissing();
    const project = account.projects.find((candidate) => candidate.id === projectId);
    const old = project?.key?.digest;
    if (!old && project?.heldKey) {
      // Of a suspended account, which must not get it back; lifted meanwhile, it is looked at again.
      const heldKey = { id: projectId, "heldKey.digest": project.heldKey.digest };
      const result = await all.updateOne(
        { _id: accountId, projects: { $elemMatch: heldKey } },
        { $unset: { "projects.$[p].heldKey": "" } },
        { arrayFilters: [{ "p.id": projectId }] },
      );
      if (result.matchedCount === 0) return undefined;
    }
    if (!old) return true;
    const keys = (account.keys ?? []).filter((keyDigest) => keyDigest !== old);
    const result = await all.updateOne(
      {
        _id: accountId,
        projects: { $elemMatch: { id: projectId, "key.digest": old } },
        keys: account.keys,
      },
      keys.length > 0
        ? { $set: { keys }, $unset: { "projects.$[p].key": "" } }
        : { $unset: { keys: "", "projects.$[p].key": "" } },
      { arrayFilters: [{ "p.id": projectId }] },
    );
    return result.matchedCount === 1 ? true : undefined;
  });
}
