import { isDuplicate } from "@/lib/errors";
import { accounts } from "./collection";
import { createAccount, type NewPerson } from "./create";
import { findByEmail } from "./queries";
import type { Account, Method } from "./schema";

/** The account of an address that its owner has proven, made if there is none; of several at once, one makes it. */
export async function findOrCreateAccount(person: NewPerson): Promise<Account> {
  const found = await findByEmail(person.email);
  if (found) return found;
  try {
    return await createAccount(person);
  } catch (error) {
    const made = isDuplicate((error as Error).cause) ? await findByEmail(person.email) : null;
    if (made) return made;
    throw error;
  }
}

/** Lets a person of Google or GitHub into an account from now on; once, however often it is told. */
export async function linkMethod({
  accountId,
  method,
}: {
  accountId: string;
  method: Omit<Method, "linkedAt">;
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
