import { findPurchaseEntry } from "@/lib/ledger/queries";
import { creditPurchase } from "@/lib/payments/credit-purchase";
import { sourceIdOf, type TransferPart, type TransferReason } from "@/lib/transfers/schema";
import type { ChainName } from "@/lib/wallets/schema";
import { splitFee } from "./fee";

type PaidTransfer = {
  accountId: string;
  chain: ChainName;
  hash: string;
  block: number;
  to: string;
  parts: TransferPart[];
};

/**
 * Credits the parts of a verified transaction, each once under its own source id; a part that this account already has
 * changes nothing. Returns null when at least one part is credited, else why the last one was not.
 */
export async function creditParts({
  accountId,
  chain,
  hash,
  block,
  to,
  parts,
}: PaidTransfer): Promise<TransferReason | null> {
  let creditedCount = 0;
  let refusal: TransferReason | null = null;
  for (const { ordinal, token, from, amount: total } of parts) {
    const sourceId = sourceIdOf({ chain, hash, ordinal });
    const existingEntry = await findPurchaseEntry(sourceId);
    if (existingEntry !== null && existingEntry.accountId !== accountId) {
      refusal = "already_credited";
      continue;
    }
    const split = splitFee(total);
    if (split === null) {
      refusal = "too_small";
      continue;
    }
    await creditPurchase({
      sourceId,
      accountId,
      ...split,
      chain: { chain, token, hash, ordinal, from, to, block },
    });
    creditedCount++;
  }
  return creditedCount > 0 ? null : refusal;
}
