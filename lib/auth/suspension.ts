import { lift, suspend } from "@/lib/accounts/suspend";
import { recorded } from "@/lib/operator-actions/record";
import { endAllSessions } from "@/lib/sessions/end";

type SuspensionInput = { accountId: string; operator: string | null; reason: string };

/** Refuses every key of an account immediately and ends its sessions; false when it was suspended before. */
export async function suspendAccount({ accountId, ...by }: SuspensionInput): Promise<boolean> {
  const account = await recorded({ what: "suspend", accountId, ...by }, () =>
    suspend({ accountId }),
  );
  await endAllSessions(accountId);
  return account;
}

/** Lets an account's keys work again; false when it was not suspended. */
export async function liftAccount({ accountId, ...by }: SuspensionInput): Promise<boolean> {
  return recorded({ what: "lift", accountId, ...by }, () => lift({ accountId }));
}
