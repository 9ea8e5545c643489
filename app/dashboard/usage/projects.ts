import type { Account } from "@/lib/accounts/schema";
import { hasUsed } from "@/lib/usage/rows";

/** The name of a project by its id; one that was deleted is named by its id. */
export function projectNames({ projects }: Account): (id: string) => string {
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? `deleted (${id})`;
}

/** Whether a project is, or was until it was deleted, this account's. */
export async function isOwnProject(
  { _id, projects }: Account,
  projectId: string,
): Promise<boolean> {
  return projects.some(({ id }) => id === projectId) || hasUsed({ accountId: _id, projectId });
}
