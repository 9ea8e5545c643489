import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import { ProjectName, PROJECTS_MAX, type Project } from "./schema";

type NamedProject = { accountId: string; projectId: string };

/** Another account's project is missing too, word for word. */
export const projectMissing = () => new AppError("not_found", "There is no such project.");

/** Adds a project; its key is made apart, so that each key is shown exactly once. */
export async function createProject({
  accountId,
  name,
}: {
  accountId: string;
  name: string;
}): Promise<Project> {
  const project: Project = {
    id: newId("prj"),
    name: checkedName(name),
    createdAt: new Date(),
    limits: {},
  };
  const result = await (
    await accounts()
  ).updateOne(
    {
      _id: accountId,
      erasedAt: { $exists: false },
      [`projects.${PROJECTS_MAX - 1}`]: { $exists: false },
    },
    { $push: { projects: project } },
  );
  if (result.matchedCount === 0)
    throw new AppError(
      "forbidden",
      `An account holds at most ${PROJECTS_MAX} projects: delete one first.`,
    );
  return project;
}

export async function renameProject({
  accountId,
  projectId,
  name,
}: NamedProject & { name: string }): Promise<void> {
  const result = await (
    await accounts()
  ).updateOne(
    { _id: accountId, "projects.id": projectId },
    { $set: { "projects.$[p].name": checkedName(name) } },
    { arrayFilters: [{ "p.id": projectId }] },
  );
  if (result.matchedCount === 0) throw projectMissing();
}

/** Sets whether the project's chat streams are asked for their usage, from the next request on. */
export async function setExactStreamUsage({
  accountId,
  projectId,
  isOn,
}: NamedProject & { isOn: boolean }): Promise<void> {
  const done = await (
    await accounts()
  ).updateOne(
    { _id: accountId, "projects.id": projectId },
    { $set: { "projects.$[p].exactStreamUsage": isOn } },
    { arrayFilters: [{ "p.id": projectId }] },
  );
  if (done.matchedCount === 0) throw projectMissing();
}

/**
 * Deletes a project with its key and limits. Requests that were admitted before still end, and are settled: their holds are
 * the account's. Its usage rows stay.
 */
export async function deleteProject({ accountId, projectId }: NamedProject): Promise<void> {
  const all = await accounts();
  await retryUntilApplied(APPLY_TRIES, async () => {
    const account = await all.findOne({ _id: accountId, "projects.id": projectId });
    if (!account) throw projectMissing();
    const digest = account.projects.find((project) => project.id === projectId)?.key?.digest;
    const keys = (account.keys ?? []).filter((keyDigest) => keyDigest !== digest);
    const result = await all.updateOne(
      {
        _id: accountId,
        projects: { $elemMatch: { id: projectId, "key.digest": digest ?? { $exists: false } } },
        keys: account.keys ?? { $exists: false },
      },
      keys.length > 0
        ? { $pull: { projects: { id: projectId } }, $set: { keys } }
        : { $pull: { projects: { id: projectId } }, $unset: { keys: "" } },
    );
    return result.matchedCount === 1 ? true : undefined;
  });
}

function checkedName(name: string): string {
  const parseResult = ProjectName.safeParse(name);
  if (parseResult.success) return parseResult.data;
  throw new AppError("bad_request", parseResult.error.issues[0]?.message ?? "That is not a name.", {
    param: "name",
  });
}
