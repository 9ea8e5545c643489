import { isDuplicate } from "@/lib/errors";
import { users } from "./collection";
import type { User } from "./schema";

/**
 * The user of an id, created if there is none; of several concurrent calls, one creates it. A sign-in method that another user
 * has is left out. Throws when another user has the address.
 */
export async function ensureUser(newUser: User): Promise<User> {
  const user = await users.findOne({ _id: newUser._id });
  if (user) return user;
  try {
    await users.insertOne(newUser);
    return newUser;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const concurrent = await users.findOne({ _id: newUser._id });
    if (concurrent) return concurrent;
    const { methods = [], ...withoutMethods } = newUser;
    const free = [];
    for (const method of methods) {
      const { provider, subject } = method;
      const isTaken = await users.findOne({ methods: { $elemMatch: { provider, subject } } });
      if (!isTaken) free.push(method);
    }
    // Without a method that is taken, only the address can be.
    if (free.length === methods.length) throw error;
    return ensureUser({ ...withoutMethods, ...(free.length > 0 ? { methods: free } : {}) });
  }
}
