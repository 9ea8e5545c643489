import { AppError, isDuplicate } from "@/lib/errors";
import { accounts } from "./collection";
import { createAccount, type NewPerson } from "./create";
import { findByEmail } from "./queries";
import type { Account, LinkedMethod } from "./schema";

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

/**
 * Takes a person of Google or GitHub off an account. The condition is in the write, so that two windows cannot take the last
 * way to sign in: without links by email, another method has to stay. Throws not_found, and bad_request for the last one.
 */
export async function unlinkMethod(input: {
  accountId: string;
  provider: LinkedMethod["provider"];
  subject: string;
  /** Whether this server sends links by email, which need no method. */
  hasLinks: boolean;
}): Promise<LinkedMethod> {
  const { accountId, provider, subject, hasLinks } = input;
  const isLinked = { methods: { $elemMatch: { provider, subject } } };
  const before = await accounts.findOneAndUpdate(
    { _id: accountId, ...isLinked, ...(hasLinks ? {} : { "methods.1": { $exists: true } }) },
    { $pull: { methods: { provider, subject } } },
  );
  const method = before?.methods?.find(
    (method) => method.provider === provider && method.subject === subject,
  );
  if (method) return method;
  if (await accounts.findOne({ _id: accountId, ...isLinked }))
    throw new AppError(
      "bad_request",
      "This is the only way to sign in to the account. Link another one first.",
    );
  throw new AppError("not_found", "There is no such sign-in method.");
}

/** Lets a person of Google or GitHub into an account from now on; once, however often it is called. */
export async function linkMethod({
  accountId,
  method,
}: {
  accountId: string;
  method: Omit<LinkedMethod, "linkedAt">;
}): Promise<void> {
  const { provider, subject } = method;
  await accounts.updateOne(
    {
      _id: accountId,
      erasedAt: { $exists: false },
      methods: { $not: { $elemMatch: { provider, subject } } },
    },
    { $push: { methods: { ...method, linkedAt: new Date() } } },
  );
}
