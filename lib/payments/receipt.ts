import type { LedgerEntry } from "@/lib/ledger/schema";
import { CHAINS } from "./chain/tokens";

/** Unique in OneKey, and counting up within an account: what accounting asks of a receipt. */
export const receiptNumber = ({ accountId, seq }: Pick<LedgerEntry, "accountId" | "seq">): string =>
  `${accountId.slice(-8)}-${String(seq).padStart(4, "0")}`;

/** The lines of a receipt, the total last: they add up. */
export function receiptLines({
  amount,
  fee = 0,
  stripe,
}: LedgerEntry): { name: string; amount: number }[] {
  const lines = [
    { name: "Credits", amount },
    ...(fee > 0 ? [{ name: "Purchase fee", amount: fee }] : []),
    ...(stripe?.tax ?? []),
  ];
  return [
    ...lines,
    { name: "Total paid", amount: lines.reduce((sum, line) => sum + line.amount, 0) },
  ];
}

/** How it was paid, in words. */
export function sourceOf({ stripe, chain }: Pick<LedgerEntry, "stripe" | "chain">): string {
  if (chain) return `${chain.token} on ${CHAINS[chain.chain].name}`;
  return stripe?.method ?? "Card";
}
