import { findById } from "@/lib/accounts/queries";
import { formatCredits } from "@/lib/money";
import { listAttention } from "@/lib/purchases/queries";
import type { Result } from "./commands";

/** Payments by card that were paid and not credited by themselves, with what the operator needs to decide. */
export async function paymentsAttention(): Promise<Result> {
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
  return {
    data: { waiting },
    lines: [
      `${waiting.length} payments wait: refund each at Stripe, or grant its credits with credits grant`,
      ...waiting.map((it) => `${it.at}  ${it.email}  ${it.credits}  ${it.checkout ?? it.paymentIntent}  ${it.reason}`),
    ],
  };
}
