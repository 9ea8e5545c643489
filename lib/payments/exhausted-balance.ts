import { takeExhausted } from "@/lib/accounts/exhausted-accounts";
import { findById } from "@/lib/accounts/queries";
import { balanceOf } from "@/lib/accounts/schema";
import { now } from "@/lib/clock";
import { NANO_PER_CREDIT } from "@/lib/money";
import { exhaustedBalanceEvent } from "@/lib/webhooks/build-events";
import { emitEvent } from "@/lib/webhooks/emit";

/** With more left, it was the request that was too large. */
const EXHAUSTED_BELOW = NANO_PER_CREDIT;

/** Records once, until credits are added, that a request was refused for lack of credits and less than one credit is left. */
export async function recordExhaustedBalances(): Promise<void> {
  for (const accountId of takeExhausted()) {
    const account = await findById(accountId);
    if (account && !account.erasedAt && balanceOf(account) < EXHAUSTED_BELOW)
      await emitEvent(exhaustedBalanceEvent(account, new Date(now())));
  }
}
