import { accountLabel } from "@/lib/accounts/schema";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { AppError } from "@/lib/errors";
import { formatCredits } from "@/lib/money";
import { assignTransfer, listNeedingAttention } from "@/lib/payments/chain/attention";
import { listAttention } from "@/lib/purchases/queries";
import type { CommandResult } from "./commands";

/**
 * What was paid and not credited automatically, with what the operator needs to decide: payments by card, and transfers from
 * wallets that no account has linked, as from an exchange.
 */
export async function paymentsAttention(): Promise<CommandResult> {
  const waiting = await Promise.all(
    (await listAttention()).map(async (purchase) => ({
      purchase: purchase._id,
      account: purchase.accountId,
      email: (await findById(purchase.accountId))?.email ?? null,
      at: purchase.createdAt.toISOString(),
      credits: formatCredits(purchase.amount),
      credits_nano: purchase.amount,
      checkout: purchase.checkout ?? null,
      paymentIntent: purchase.paymentIntent ?? null,
      reason: purchase.reason ?? null,
    })),
  );
  const transfers = (await listNeedingAttention()).map(
    ({ id, chainName, hash, token, from, amount, foundAt }) => ({
      transfer: id,
      chain: chainName,
      hash,
      token,
      from,
      at: foundAt.toISOString(),
      credits: formatCredits(amount),
      credits_nano: amount,
    }),
  );
  return {
    data: { waiting, transfers },
    lines: [
      `${waiting.length} card payments need attention${waiting.length === 0 ? "" : ": refund each at Stripe, or grant its credits (credits grant)"}`,
      ...waiting.map(
        (payment) =>
          `${payment.at}  ${payment.email}  ${payment.credits}  ${payment.checkout ?? payment.paymentIntent}  ${payment.reason}`,
      ),
      `${transfers.length} transfers from unknown senders${transfers.length === 0 ? "" : ": assign each to its account (payments assign --transfer T --email E)"}`,
      ...transfers.map(
        (payment) =>
          `${payment.at}  ${payment.transfer}  ${payment.credits} ${payment.token} on ${payment.chain} from ${payment.from}`,
      ),
    ],
  };
}

/** Credits an unmatched transfer to the account that the operator names, after reading it on chain again. */
export async function paymentsAssign({
  transfer,
  email,
}: {
  transfer: string;
  email: string;
}): Promise<CommandResult> {
  const account = await findByEmail(email);
  if (!account) throw new AppError("not_found", "There is no account with that email.");
  await assignTransfer({ id: transfer, accountId: account._id, operator: null });
  return {
    data: { transfer, account: account._id },
    lines: [`${transfer} credited to ${accountLabel(account)}`],
  };
}
