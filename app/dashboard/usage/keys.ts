import type { Account } from "@/lib/accounts/schema";
import { listKeys } from "@/lib/keys/queries";

/**
 * Returns the names of keys by id, also of revoked ones. A name that several projects use is followed by its project's.
 * A key of a deleted project, and one that a session of the dashboard used in its place, has no name.
 */
export async function keyNames(account: Account): Promise<(id: string) => string> {
  const keys = (await listKeys({ account })).map(({ key }) => key);
  const projects = new Map(account.projects.map(({ id, name }) => [id, name]));
  const names = new Map(
    keys.map(({ _id, name, projectId }) => {
      const isShared = keys.some((key) => key.name === name && key.projectId !== projectId);
      return [_id, isShared ? `${name} (${projects.get(projectId) ?? projectId})` : name];
    }),
  );
  return (id) => (id === "" ? "no key" : (names.get(id) ?? `deleted (${id})`));
}
