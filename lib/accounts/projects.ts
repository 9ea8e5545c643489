import type { Filter } from "mongodb";
import { collection } from "@/lib/db/collection";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import type { ApiKey } from "@/lib/keys/schema";
import { ProjectName, PROJECTS_MAX, type Account, type Project } from "./schema";

type NamedProject = { accountId: string; projectId: string };

/** Another account's project is missing too, word for word. */
export const projectMissing = () => new AppError("not_found", "There is no such project.");

/** Adds a project; its keys are created separately, so that each is shown exactly once. */
export async function createProject({
  accountId,
  name,
}: {
  accountId: string;
  name: string;
}): Promise<Project> {
  const account = await accounts.findOne(
    { _id: accountId },
    { projection: { exactStreamUsage: 1 } },
  );
  const { exactStreamUsage } = account ?? {};
  const project: Project = {
    id: newId("prj"),
    name: checkedName(name),
    createdAt: new Date(),
    limits: {},
    ...(exactStreamUsage === undefined ? {} : { exactStreamUsage }),
  };
  const result = await accounts.updateOne(
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

/**
 * Renames a project. With `formerName`, one that was renamed meanwhile keeps its name: throws precondition_failed. Throws
 * not_found, and bad_request for a name that is none.
 */
export async function renameProject({
  accountId,
  projectId,
  name,
  formerName,
}: NamedProject & { name: string; formerName?: string }): Promise<void> {
  const sameName = formerName === undefined ? {} : { name: formerName };
  const result = await accounts.updateOne(
    { _id: accountId, projects: { $elemMatch: { id: projectId, ...sameName } } },
    { $set: { "projects.$[p].name": checkedName(name) } },
    { arrayFilters: [{ "p.id": projectId }] },
  );
  if (result.matchedCount > 0) return;
  if (!(await accounts.findOne({ _id: accountId, "projects.id": projectId })))
    throw projectMissing();
  throw new AppError(
    "bad_request",
    "The project was renamed since. Read it again, then repeat the change.",
    { reason: "precondition_failed", status: 412 },
  );
}

/** Sets whether the project's chat streams are asked for their usage, from the next request on. */
export async function setExactStreamUsage({
  accountId,
  projectId,
  isOn,
}: NamedProject & { isOn: boolean }): Promise<void> {
  const result = await accounts.updateOne(
    { _id: accountId, "projects.id": projectId },
    { $set: { "projects.$[p].exactStreamUsage": isOn }, $inc: { rulesVersion: 1 } },
    { arrayFilters: [{ "p.id": projectId }] },
  );
  if (result.matchedCount === 0) throw projectMissing();
}

/**
 * Deletes a project with its keys and limits. Requests that were admitted before still end, and are settled: their holds are
 * the account's. Its usage rows stay.
 */
export async function deleteProject({ accountId, projectId }: NamedProject): Promise<void> {
  await retryUntilApplied(APPLY_TRIES, async () => {
    const account = await accounts.findOne({ _id: accountId, "projects.id": projectId });
    if (!account) throw projectMissing();
    const ownKeys = await collection<ApiKey>("keys").find({ accountId, projectId }).toArray();
    const endedDigests = new Set(
      ownKeys.flatMap(({ secrets }) => secrets.map(({ digest }) => digest)),
    );
    const name = account.suspendedAt ? "heldKeys" : "keys";
    const scopes = new Set([projectId, ...ownKeys.map(({ _id }) => _id)]);
    const caps = account.caps
      .map(({ id }) => id)
      .filter((id) => scopes.has(id.split("/")[0] ?? ""));
    const digests = (account[name] ?? []).filter((digest) => !endedDigests.has(digest));
    const result = await accounts.updateOne(
      // A key or a rule that changes meanwhile changes the version.
      {
        _id: accountId,
        "projects.id": projectId,
        rulesVersion: account.rulesVersion ?? null,
      } as Filter<Account>,
      {
        $pull: { projects: { id: projectId }, caps: { id: { $in: caps } } },
        $inc: { rulesVersion: 1 },
        ...(digests.length > 0 ? { $set: { [name]: digests } } : { $unset: { [name]: "" } }),
      },
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
