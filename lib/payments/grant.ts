import { findById } from "@/lib/accounts/queries";
import { recorded } from "@/lib/operator-actions/record";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { post } from "@/lib/ledger/post";
import type { LedgerEntry } from "@/lib/ledger/schema";

interface CreditGrant {
  /** `grt_…`, made once for a grant: however often it is sent, it is credited once. */
  id?: string;
  accountId: string;
  /** Nano-credits. */
  amount: number;
  reason: string;
  /** The operator's account; null on the command line. */
  operator: string | null;
}

/** Posts credits that nobody paid for, and keeps in the trail who gave them and why. */
export async function grantCredits({
  id = newId("grt"),
  operator,
  ...grant
}: CreditGrant): Promise<LedgerEntry> {
  const { accountId, amount } = grant;
  const account = await findById(accountId);
  if (account === null || account.erasedAt !== undefined)
    throw new AppError("not_found", "There is no such account.");
  const auditAction = {
    id: id.replace("grt_", "act_"),
    what: "grant",
    operator,
    entry: id,
    ...grant,
  } as const;
  return recorded(auditAction, async () => {
    const entry = await post({ sourceId: id, kind: "grant", ...grant });
    if (entry.kind !== "grant" || entry.accountId !== accountId || entry.amount !== amount)
      throw new AppError(
        "bad_request",
        "Another grant was made with this form before. Nothing was granted. Reload the page and try again.",
      );
    return entry;
  });
}
