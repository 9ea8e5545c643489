import { findOrCreateAccount, type NewPerson } from "@/lib/accounts/create";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { isTeam, type Account } from "@/lib/accounts/schema";
import { renameAccount, setAccountEmail } from "@/lib/accounts/settings";
import { ensureUser } from "@/lib/users/create";
import { findUserByEmail, findUserById } from "@/lib/users/queries";
import { renameUser } from "@/lib/users/rename";
import type { User } from "@/lib/users/schema";

/** The user of an address that its owner has proven, created with a personal account if there is none. */
export async function findOrCreateUser(
  person: NewPerson & { image?: string | null },
): Promise<User> {
  const user = await findUserByEmail(person.email);
  if (user) return user;
  const account = await findOrCreateAccount(person);
  const owner = await userOf(account, person.image ?? null);
  if (await hasCurrentAddress(account, owner)) return owner;
  return findOrCreateUser(person);
}

/** The user of an address; null without one. */
export async function findUserOfAddress(email: string): Promise<User | null> {
  const user = await findUserByEmail(email);
  if (user) return user;
  const account = await findByEmail(email);
  const owner = account && (await userOf(account));
  return owner && (await hasCurrentAddress(account, owner)) ? owner : null;
}

/**
 * Whether an account has its user's address. One whose user's change of address was interrupted gets it here: the former address
 * signs nobody in to it.
 */
async function hasCurrentAddress({ _id, email }: Account, user: User): Promise<boolean> {
  if (user.email === email) return true;
  await setAccountEmail({ accountId: _id, email: user.email });
  return false;
}

/** The user of an id; null for one who was deleted. */
export async function findUser(userId: string): Promise<User | null> {
  const user = await findUserById(userId);
  if (user) return user;
  const account = await findById(userId);
  return account && account.erasedAt === undefined && !isTeam(account) ? userOf(account) : null;
}

/** The user of a personal account. One that the operator made has none until somebody signs in. */
const userOf = (account: Account, image: string | null = null): Promise<User> => {
  const { _id, email, name, createdAt } = account;
  return ensureUser({ _id, email, name, image, createdAt });
};

/** Renames a person, and with them their personal account. Throws bad_request for a name that is not one, and not_found. */
export async function renamePerson({
  userId,
  name,
}: {
  userId: string;
  name: string;
}): Promise<void> {
  const user = await renameUser({ userId, name });
  await renameAccount({ accountId: userId, name: user.name });
}
