import { env } from "@/lib/env";
import { AppError, isDuplicate } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { accounts } from "./collection";
import { endReservation, reserveFreeRequests } from "./free";
import { findById } from "./queries";
import { FREE_REQUESTS, type Account } from "./schema";

const NO_FREE_REQUESTS = { requests: 0, credits: 0 };

/**
 * A new account with its first, keyless project, and 20 free requests unless the person behind the address had theirs. An
 * address that has an account already is refused.
 */
export async function createAccount(input: {
  email: string;
  name?: string;
  image?: string | null;
}): Promise<Account> {
  const { email, name = "", image = null } = input;
  const address = email.trim().toLowerCase();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(address))
    throw new AppError("bad_request", "That is not an email address.", { param: "email" });
  const reserved = await reserveFreeRequests(address);
  const account: Account = {
    _id: reserved ?? newId("usr"),
    email: address,
    name,
    image,
    createdAt: new Date(),
    seq: 0,
    credits: 0,
    posted: 0,
    charged: 0,
    free: reserved ? { requests: FREE_REQUESTS, credits: env().freeCreditsMax } : NO_FREE_REQUESTS,
    projects: [{ id: newId("prj"), name: "First project", createdAt: new Date(), limits: {} }],
    holds: [],
  };
  if (await insert(account)) {
    if (reserved) await endReservation(address);
    return account;
  }
  // The reserved account is there: another spelling of the address was quicker, and has the free requests.
  const without = { ...account, _id: newId("usr"), free: NO_FREE_REQUESTS };
  if (!(await insert(without)))
    throw new AppError("unavailable", "The account could not be made: try again.");
  return without;
}

/** False when there is an account of that `_id`. */
async function insert(account: Account): Promise<boolean> {
  try {
    await (await accounts()).insertOne(account);
    return true;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    if (await findById(account._id)) return false;
    throw new AppError("bad_request", "There is an account with that email already.", {
      param: "email",
      cause: error,
    });
  }
}
