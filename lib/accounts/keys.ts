import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newId, newKey, previewOf } from "@/lib/ids";
import { accounts } from "./collection";
import type { Project } from "./schema";

const missing = () => new AppError("not_found", "There is no such project.");

/** Adds a project; its key is made apart, so that each key is shown exactly once. */
export async function createProject({ accountId, name }: { accountId: string; name: string }): Promise<Project> {
  const project: Project = { id: newId("prj"), name, createdAt: new Date(), limits: {} };
  const done = await (
    await accounts()
  ).updateOne({ _id: accountId, "projects.99": { $exists: false } }, { $push: { projects: project } });
  if (done.matchedCount === 0)
    throw new AppError("forbidden", "An account holds at most 100 projects: delete one first.");
  return project;
}

/** Gives a project a fresh key and returns it, the only time it is readable; the key it had is refused from now on. */
export async function regenerateKey({
  accountId,
  projectId,
}: {
  accountId: string;
  projectId: string;
}): Promise<string> {
  const key = newKey();
  const digest = digestOf(key, env().keyPepper);
  const all = await accounts();
  for (;;) {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    const old = account?.projects.find((project) => project.id === projectId)?.key?.digest;
    if (!account) throw missing();
    const keys = [...(account.keys ?? []).filter((each) => each !== old), digest];
    const done = await all.updateOne(
      {
        _id: accountId,
        projects: { $elemMatch: { id: projectId, "key.digest": old ?? { $exists: false } } },
        keys: account.keys ?? { $exists: false },
      },
      { $set: { keys, "projects.$[p].key": { digest, preview: previewOf(key), createdAt: new Date() } } },
      { arrayFilters: [{ "p.id": projectId }] },
    );
    if (done.matchedCount === 1) return key;
  }
}

/** Takes a project's key away. A request that was admitted before still ends; the next one is refused, on every instance. */
export async function revokeKey({ accountId, projectId }: { accountId: string; projectId: string }): Promise<void> {
  const all = await accounts();
  for (;;) {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    if (!account) throw missing();
    const old = account.projects.find((project) => project.id === projectId)?.key?.digest;
    if (!old) return;
    const keys = (account.keys ?? []).filter((each) => each !== old);
    const done = await all.updateOne(
      { _id: accountId, projects: { $elemMatch: { id: projectId, "key.digest": old } }, keys: account.keys },
      keys.length > 0
        ? { $set: { keys }, $unset: { "projects.$[p].key": "" } }
        : { $unset: { keys: "", "projects.$[p].key": "" } },
      { arrayFilters: [{ "p.id": projectId }] },
    );
    if (done.matchedCount === 1) return;
  }
}
