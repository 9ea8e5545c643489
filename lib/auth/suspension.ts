import { lift, suspend } from "@/lib/accounts/suspend";
import { recordAct } from "@/lib/acts/record";
import { endAllSessions } from "@/lib/sessions/end";

type By = { accountId: string; operator: string | null };

/** Refuses every key of an account at once and ends its sessions; false when it was suspended before. */
export async function suspendAccount({ accountId, operator, reason }: By & { reason: string }): Promise<boolean> {
  const changed = await suspend({ accountId });
  if (changed) await recordAct({ what: "suspend", accountId, operator, reason });
  await endAllSessions(accountId);
  return changed;
}

export async function liftAccount({ accountId, operator }: By): Promise<boolean> {
  const changed = await lift({ accountId });
  if (changed) await recordAct({ what: "lift", accountId, operator });
  return changed;
}
