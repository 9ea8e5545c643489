import { z } from "zod";
import { ChainDetails } from "@/lib/ledger/schema";

/** Nano-credits. */
const amount = z.number().int();

const common = {
  /** Open: it may still be paid. Posted: credited. Refused: it never will be. Attention: the operator has to decide. */
  status: z.enum(["open", "posted", "refused", "attention"]),
  /** Why it was refused or waits, as the buyer reads it. */
  reason: z.string().optional(),
  createdAt: z.date(),
  closedAt: z.date().optional(),
  /** While open: when the payment system is asked about it next, and how often it was. */
  checkAt: z.date().optional(),
  checks: z.number().int(),
};

/** A Stripe Checkout session, or a charge of the saved card by automatic top-up. */
export const CardPurchase = z.object({
  _id: z.string().startsWith("pur_"),
  kind: z.enum(["checkout", "top-up"]),
  ...common,
  accountId: z.string(),
  amount,
  fee: amount,
  checkout: z.string().optional(),
  paymentIntent: z.string().optional(),
  /** Paid by a method that takes days, such as a bank debit. */
  processing: z.boolean().optional(),
});
export type CardPurchase = z.infer<typeof CardPurchase>;

/** A transfer of USDC or USDT to the treasury; one from a wallet that no account has linked has no account. */
export const Transfer = z.object({
  /** `chain:hash:ordinal`, which is the ledger's source id too. */
  _id: z.string(),
  kind: z.literal("transfer"),
  ...common,
  accountId: z.string().nullable(),
  amount,
  transfer: ChainDetails,
  confirmations: z.number().int(),
});
export type Transfer = z.infer<typeof Transfer>;

export const Purchase = z.discriminatedUnion("kind", [CardPurchase, Transfer]);
export type Purchase = z.infer<typeof Purchase>;

/** What is closed is kept for so long, for its reason to be read. What was credited stays in the ledger. */
export const CLOSED_DAYS = 30;
