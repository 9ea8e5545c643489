import type { Account } from "@/lib/accounts/schema";
import { hasUsed } from "@/lib/usage/rows";

/** Returns project names by id; a deleted project is named by its id. */
export function projectNames({ projects }: Account): (id: string) => string {
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? `deleted (${id})`;
}

/** Whether a project belongs to this account, or did until it was deleted. */
export async function isOwnProject(
  { _id, projects }: Account,
  projectId: string,
): Promise<boolean> {
  return projects.some(({ id }) => id === projectId) || hasUsed({ accountId: _id, projectId });
}
