import { env } from "@/lib/env";
import { AppError, isDuplicate } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { accounts } from "./collection";
import { claimFreeRequests } from "./free";
import { FREE_REQUESTS, type Account } from "./schema";

/**
 * A new account with its first, keyless project, and 20 free requests unless the person behind the address had theirs. An
 * address that has an account already is refused.
 */
export async function createAccount(input: { email: string; name?: string; image?: string | null }): Promise<Account> {
  const { email, name = "", image = null } = input;
  const address = email.trim().toLowerCase();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(address))
    throw new AppError("bad_request", "That is not an email address.", { param: "email" });
  const account: Account = {
    _id: newId("usr"),
    email: address,
    name,
    image,
    createdAt: new Date(),
    seq: 0,
    credits: 0,
    posted: 0,
    charged: 0,
    free: { requests: FREE_REQUESTS, credits: env().freeCreditsMax },
    projects: [{ id: newId("prj"), name: "First project", createdAt: new Date(), limits: {} }],
    holds: [],
  };
  try {
    await (await accounts()).insertOne(account);
  } catch (error) {
    if (isDuplicate(error))
      throw new AppError("bad_request", "There is an account with that email already.", {
        param: "email",
        cause: error,
      });
    throw error;
  }
  if (await claimFreeRequests(address)) return account;
  // Nothing was spent of them: an account has no key yet while it is made.
  const free = { requests: 0, credits: 0 };
  await (await accounts()).updateOne({ _id: account._id }, { $set: { free } });
  return { ...account, free };
}
