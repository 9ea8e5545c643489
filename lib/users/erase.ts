import { users } from "./collection";
import { sameMethods } from "./methods";
import type { User } from "./schema";

/**
 * Deletes a user after `keep` has kept what outlives them, and not before it has seen the latest address and sign-in methods. May be repeated.
 */
export async function eraseUser(
  userId: string,
  keep: (user: User) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const user = await users.findOne({ _id: userId });
    if (!user) return;
    await keep(user);
    const { deletedCount } = await users.deleteOne({ ...sameMethods(user), email: user.email });
    if (deletedCount === 1) return;
  }
}
