import { env } from "@/lib/env";
import { AppError, isDuplicate } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { accounts } from "./collection";
import { FREE_REQUESTS, type Account } from "./schema";

/** A new account with its first, keyless project and 20 free requests; an address that has one already is refused. */
export async function createAccount({ email, name = "" }: { email: string; name?: string }): Promise<Account> {
  const address = email.trim().toLowerCase();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(address))
    throw new AppError("bad_request", "That is not an email address.", { param: "email" });
  const account: Account = {
    _id: newId("usr"),
    email: address,
    name,
    image: null,
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
  return account;
}
