import { isDuplicate } from "@/lib/errors";
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

/** Lets a person of Google or GitHub into an account from now on; once, however often it is called. */
export async function linkMethod({
  accountId,
  method,
}: {
  accountId: string;
  method: Omit<LinkedMethod, "linkedAt">;
}): Promise<void> {
  const { provider, subject } = method;
  await (
    await accounts()
  ).updateOne(
    {
      _id: accountId,
      erasedAt: { $exists: false },
      methods: { $not: { $elemMatch: { provider, subject } } },
    },
    { $push: { methods: { ...method, linkedAt: new Date() } } },
  );
}
