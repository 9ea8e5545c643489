import type { CreditMovement } from "@/lib/payments/movements";

const KINDS = {
  purchase: "Purchase",
  refund: "Refund",
  dispute: "Dispute",
  grant: "Grant",
  debt: "Debt",
} as const;

export function kindOf(move: CreditMovement): string {
  if (move.kind !== "entry") return "Usage";
  return move.entry.stripe?.automatic ? "Top-up" : KINDS[move.entry.kind];
}
