import { lift, suspend } from "@/lib/accounts/suspend";
import { personDigests } from "@/lib/accounts/person-digests";
import { recorded } from "@/lib/operator-actions/record";
import { endAllSessions } from "@/lib/sessions/end";
import { findUser } from "./users";

type SuspensionInput = { accountId: string; operator: string | null; reason: string };

/** Refuses every key of an account immediately and ends its user's sessions, where it is a personal one; false when it was suspended before. */
export async function suspendAccount({ accountId, ...by }: SuspensionInput): Promise<boolean> {
  const account = await recorded({ what: "suspend", accountId, ...by }, async () =>
    suspend({ accountId, digests: await digestsOf(accountId) }),
  );
  await endAllSessions(accountId);
  return account;
}

/** Lets an account's keys work again; false when it was not suspended. */
export async function liftAccount({ accountId, ...by }: SuspensionInput): Promise<boolean> {
  return recorded({ what: "lift", accountId, ...by }, () => lift({ accountId }));
}

/** By what the person of a personal account is recognized when they come back; nothing for a team. */
async function digestsOf(accountId: string): Promise<string[]> {
  const user = await findUser(accountId);
  return user ? personDigests(user) : [];
}
