import type { Filter } from "mongodb";
import { AppError, isDuplicate } from "@/lib/errors";
import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { users } from "./collection";
import type { LinkedMethod, User } from "./schema";

/** The methods as they were read: whatever links or unlinks one changes this. */
export const sameMethods = ({ _id, methods }: User): Filter<User> =>
  ({ _id, methods: methods ?? { $exists: false } }) as Filter<User>;

/**
 * Lets a person of Google or GitHub sign in a user from now on; once, however often it is called. Throws bad_request when that
 * person signs in another user.
 */
export async function linkMethod({
  userId,
  method,
}: {
  userId: string;
  method: Omit<LinkedMethod, "linkedAt">;
}): Promise<void> {
  const { provider, subject } = method;
  try {
    await users.updateOne(
      { _id: userId, methods: { $not: { $elemMatch: { provider, subject } } } },
      { $push: { methods: { ...method, linkedAt: new Date() } } },
    );
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new AppError(
      "bad_request",
      "This Google or GitHub account signs in another person. Nothing was linked.",
      { cause: error },
    );
  }
}

/**
 * Takes a person of Google or GitHub off a user. The condition is in the write, so that two windows cannot take the last
 * way to sign in: without links by email, another method has to stay. Throws not_found, and bad_request for the last one.
 */
export async function unlinkMethod(input: {
  userId: string;
  provider: LinkedMethod["provider"];
  subject: string;
  /** Whether this server sends links by email, which need no method. */
  hasLinks: boolean;
}): Promise<LinkedMethod> {
  const { userId, provider, subject, hasLinks } = input;
  return retryUntilApplied(APPLY_TRIES, async () => {
    const user = await users.findOne({ _id: userId });
    const isUnlinked = (method: LinkedMethod) =>
      method.provider === provider && method.subject === subject;
    const method = user?.methods?.find(isUnlinked);
    if (!user || !method) throw new AppError("not_found", "There is no such sign-in method.");
    const remaining = (user.methods ?? []).filter((candidate) => !isUnlinked(candidate));
    if (remaining.length === 0 && !hasLinks)
      throw new AppError(
        "bad_request",
        "This is the only way to sign in to the account. Link another one first.",
      );
    const result = await users.updateOne(
      sameMethods(user),
      remaining.length > 0 ? { $set: { methods: remaining } } : { $unset: { methods: "" } },
    );
    return result.matchedCount === 1 ? method : undefined;
  });
}
