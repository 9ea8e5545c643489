import { users } from "./collection";
import type { LinkedMethod, User } from "./schema";

export const findUserById = (userId: string): Promise<User | null> =>
  users.findOne({ _id: userId });

export const findUserByEmail = (email: string): Promise<User | null> =>
  users.findOne({ email: email.trim().toLowerCase() });

/** The user whom a person of Google or GitHub signs in. */
export const findUserByMethod = ({
  provider,
  subject,
}: Pick<LinkedMethod, "provider" | "subject">): Promise<User | null> =>
  users.findOne({ methods: { $elemMatch: { provider, subject } } });

/** These users, by their ids; those who were deleted are left out. */
export async function usersById(userIds: string[]): Promise<Map<string, User>> {
  const list = await users.find({ _id: { $in: [...new Set(userIds)] } }).toArray();
  return new Map(list.map((user) => [user._id, user]));
}
