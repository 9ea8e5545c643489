import { APPLY_TRIES, retryUntilApplied } from "@/lib/retry-until-applied";
import { accounts } from "./collection";
import type { Account } from "./schema";

/** The fields of an account that say who somebody is; records of other folders that do have their own erasers. */
const PERSONAL = [
  "keys",
  "heldKeys",
  "limits",
  "expiries",
  "alert",
  "mutedAlerts",
  "stripe",
  "topUp",
  "billing",
] as const;

/**
 * Erases who an account was, in one write: its keys are refused from the next request on, and nobody can sign in to it.
 * Its figures stay, so that the books still balance, and so do the holds of open requests, until they are settled. Its
 * person's digests stay until `forgetPersons`; a team has none. Returns the address it had; null when there is no such account, or it was
 * erased before.
 */
export async function eraseAccount({
  accountId,
  digests,
  now = new Date(),
}: {
  accountId: string;
  digests: string[];
  now?: Date;
}): Promise<string | null> {
  return retryUntilApplied(APPLY_TRIES, async () => {
    const account = await accounts.findOne({ _id: accountId, erasedAt: { $exists: false } });
    if (!account) return null;
    const { email } = account;
    const allDigests = [...new Set([...digests, ...(account.personDigests ?? [])])];
    const { matchedCount } = await accounts.updateOne(
      { _id: accountId, erasedAt: { $exists: false }, email },
      {
        $set: {
          email: `erased:${accountId}`,
          name: "",
          projects: [],
          caps: [],
          erasedAt: now,
          closing: true,
          ...(allDigests.length > 0 ? { personDigests: allDigests } : {}),
        },
        $unset: Object.fromEntries(PERSONAL.map((name) => [name, ""])),
        $inc: { rulesVersion: 1 },
      },
    );
    return matchedCount === 1 ? email : undefined;
  });
}

/** Adds digests of the person whose account was erased. */
export async function keepDigests({
  accountId,
  digests,
}: {
  accountId: string;
  digests: string[];
}): Promise<void> {
  await accounts.updateOne(
    { _id: accountId, closing: true },
    { $addToSet: { personDigests: { $each: digests } } },
  );
}

/** Erased accounts that are not done with yet. */
export async function listClosing(): Promise<Account[]> {
  return accounts.find({ closing: true }).toArray();
}

/** Ends the tombstone of an erased account once no hold of it is open. */
export async function finishErasure(accountId: string): Promise<boolean> {
  const result = await accounts.updateOne(
    { _id: accountId, closing: true, "holds.0": { $exists: false } },
    { $unset: { closing: "" } },
  );
  return result.modifiedCount === 1;
}
