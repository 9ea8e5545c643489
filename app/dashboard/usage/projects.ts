import type { Account } from "@/lib/accounts/schema";
import { listKeys } from "@/lib/keys/queries";
import { hasUsed } from "@/lib/usage/rows";

/** Returns project names by id; a deleted project is named by its id. */
export function projectNames({ projects }: Account): (id: string) => string {
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? `deleted (${id})`;
}

/** Returns key names by id, each after its project's. A key that is not there any more is named by its id. */
export async function keyNames(account: Account): Promise<(id: string) => string> {
  const projectName = projectNames(account);
  const states = await listKeys({ account });
  const names = new Map(
    states.map(({ key }) => [key._id, `${projectName(key.projectId)} / ${key.name}`]),
  );
  return (id) => (id === "" ? "no key" : (names.get(id) ?? id));
}

/** Whether a project belongs to this account, or did until it was deleted. */
export async function isOwnProject(
  { _id, projects }: Account,
  projectId: string,
): Promise<boolean> {
  return projects.some(({ id }) => id === projectId) || hasUsed({ accountId: _id, projectId });
}
