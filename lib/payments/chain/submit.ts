import { z } from "zod";
import { AppError } from "@/lib/errors";
import { openTransfer } from "@/lib/transfers/open";
import { countOpen } from "@/lib/transfers/queries";
import type { Transfer } from "@/lib/transfers/schema";
import { ChainName, TokenName, TransactionHash } from "@/lib/wallets/schema";
import { checkTransfer } from "./check";
import { chainSettings, enabledChains } from "./settings";

/** A transaction that a buyer says to have sent; the amount is only shown until the chain says what was sent. */
export const TransferSubmission = z.object({
  chain: ChainName,
  hash: TransactionHash,
  expected: z
    .object({ token: TokenName, amount: z.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
    .nullish()
    .transform((value) => value ?? null),
});
export type TransferSubmission = z.infer<typeof TransferSubmission>;

/** So many watched transfers of one account: each is checked again and again. */
const OPEN_MAX = 20;

/** Puts a transaction under watch for the account and looks at it once. */
export async function submitTransfer({
  accountId,
  ...submission
}: TransferSubmission & { accountId: string }): Promise<Transfer> {
  const settings = chainSettings();
  if (settings === null || !enabledChains(settings).includes(submission.chain))
    throw new AppError("unavailable", "Payments over this chain are off on this server.");
  if ((await countOpen(accountId)) >= OPEN_MAX)
    throw new AppError(
      "rate_limited",
      `${OPEN_MAX} transfers are being watched already. This one will be detected automatically if its wallet is linked.`,
    );
  const transfer = await openTransfer({ accountId, ...submission });
  if (transfer === null)
    throw new AppError("internal", "The transfer could not be put under watch.");
  return checkTransfer(transfer);
}
