import { keys } from "./collection";

/** Deletes the keys of a deleted account. They stopped working when the account document was erased. */
export async function eraseKeys(accountId: string): Promise<void> {
  await keys.deleteMany({ accountId });
}
