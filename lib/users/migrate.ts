import type { Account } from "@/lib/accounts/schema";
import { collection } from "@/lib/db/collection";
import type { Session } from "@/lib/sessions/schema";
import { ensureUser } from "./create";
import type { LinkedMethod } from "./schema";

/** An account of versions before 0.3, which held who signs in; a session named the account. */
type EarlierAccount = Account & { image: string | null; methods?: LinkedMethod[] };
type EarlierSession = Omit<Session, "userId"> & { accountId: string; userId?: string };

const accounts = collection<EarlierAccount>("accounts");
const sessions = collection<EarlierSession>("sessions");

/**
 * Moves sign-in identities from accounts to users with the same ids, and sessions from accounts to users. May be interrupted, repeated,
 * and run by several servers at the same time; servers of earlier versions must be stopped before. Returns how many accounts it
 * changed.
 */
export async function migrateUsers(): Promise<number> {
  let changeCount = 0;
  const earlier = { image: { $exists: true }, erasedAt: { $exists: false } };
  for (const account of await accounts.find(earlier).toArray()) {
    const { _id, email, name, image, methods = [], createdAt } = account;
    // The user first: whoever signs in between finds all of their methods.
    await ensureUser({
      _id,
      email,
      name,
      image,
      createdAt,
      ...(methods.length > 0 ? { methods } : {}),
    });
    const { modifiedCount } = await accounts.updateOne(
      { _id, image: { $exists: true } },
      { $unset: { image: "", methods: "" } },
    );
    changeCount += modifiedCount;
  }
  await accounts.updateMany(
    { image: { $exists: true }, erasedAt: { $exists: true } },
    { $unset: { image: "", methods: "" } },
  );
  for (const { _id, accountId } of await sessions
    .find({ accountId: { $exists: true }, userId: { $exists: false } })
    .toArray())
    await sessions.updateOne({ _id }, { $set: { userId: accountId }, $unset: { accountId: "" } });
  return changeCount;
}
