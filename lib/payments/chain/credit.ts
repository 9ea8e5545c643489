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
 * Credits the parts of a transaction that was verified, each once under its own source id; a part that was credited to
 * this account before changes nothing. Returns why none of them could be credited, or null.
 */
export async function creditParts({
  accountId,
  chain,
  hash,
  block,
  to,
  parts,
}: PaidTransfer): Promise<TransferReason | null> {
  let creditedTotal = 0;
  let refusal: TransferReason | null = null;
  for (const { ordinal, token, from, amount: total } of parts) {
    const sourceId = sourceIdOf({ chain, hash, ordinal });
    const before = await findPurchaseEntry(sourceId);
    if (before !== null && before.accountId !== accountId) {
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
    creditedTotal++;
  }
  return creditedTotal > 0 ? null : refusal;
}
