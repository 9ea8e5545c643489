import { env } from "@/lib/env";
import { AppError, isDuplicate } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { accounts } from "./collection";
import { takeDailyGrant } from "./daily-grants";
import { endReservation, reserveFreeRequests } from "./free";
import { findSuspended, moveSuspension, personDigests } from "./person-digests";
import { findByEmail, findById } from "./queries";
import type { LinkedMethod } from "@/lib/users/schema";
import { FREE_REQUESTS, type Account } from "./schema";

const NO_FREE_REQUESTS = { requests: 0, credits: 0 };

export interface NewPerson {
  email: string;
  name?: string;
  /** The Google or GitHub identity that signs up. */
  identity?: Pick<LinkedMethod, "provider" | "subject">;
  /** The network address that signs up, "" when not known. Left out by the operator, for whom no daily limit holds. */
  client?: string;
}

/**
 * A new account with its first, keyless project, and 20 free requests unless the person behind the address had theirs or a
 * daily limit is reached. It is suspended from its first moment if an account of the same person is. An address that has an
 * account already is refused.
 */
export async function createAccount(person: NewPerson): Promise<Account> {
  const { email, name = "", identity, client } = person;
  const address = email.trim().toLowerCase();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(address))
    throw new AppError("bad_request", "That is not an email address.", { param: "email" });
  const reservedId = await reserveFreeRequests(address);
  const refusal =
    reservedId === null
      ? "earlier"
      : client === undefined
        ? null
        : await takeDailyGrant({ accountId: reservedId, email: address, client });
  const digests = personDigests({ email: address, methods: identity ? [identity] : [] });
  const suspendedAccount = await findSuspended(digests);
  const account: Account = {
    _id: reservedId ?? newId("usr"),
    email: address,
    name,
    createdAt: new Date(),
    seq: 0,
    credits: 0,
    posted: 0,
    charged: 0,
    free:
      refusal === null
        ? { requests: FREE_REQUESTS, credits: env().freeCreditsMax }
        : NO_FREE_REQUESTS,
    ...(refusal === null ? {} : { freeWithheld: refusal }),
    ...(suspendedAccount?.suspendedAt
      ? {
          suspendedAt: suspendedAccount.suspendedAt,
          personDigests: [...new Set([...digests, ...(suspendedAccount.personDigests ?? [])])],
        }
      : {}),
    projects: [{ id: newId("prj"), name: "First project", createdAt: new Date(), limits: {} }],
    caps: [],
    holds: [],
  };
  const newAccount = (await insert(account)) ? account : await insertWithoutFree(account);
  if (reservedId && newAccount === account) await endReservation(address);
  if (suspendedAccount) await moveSuspension(suspendedAccount);
  return newAccount;
}

/** The account of an address that its owner has proven, created if there is none; of several concurrent calls, one creates it. */
export async function findOrCreateAccount(person: NewPerson): Promise<Account> {
  const account = await findByEmail(person.email);
  if (account) return account;
  try {
    return await createAccount(person);
  } catch (error) {
    const concurrent = isDuplicate((error as Error).cause) ? await findByEmail(person.email) : null;
    if (concurrent) return concurrent;
    throw error;
  }
}

/** The reserved account is there: another spelling of the address was quicker, and has the free requests. */
async function insertWithoutFree(account: Account): Promise<Account> {
  const without: Account = {
    ...account,
    _id: newId("usr"),
    free: NO_FREE_REQUESTS,
    freeWithheld: "earlier",
  };
  if (await insert(without)) return without;
  throw new AppError("unavailable", "The account could not be created. Try again.");
}

/** False when there is an account of that `_id`. */
async function insert(account: Account): Promise<boolean> {
  try {
    await accounts.insertOne(account);
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
