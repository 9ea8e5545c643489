import { z } from "zod";

/** Nano-credits. */
const amount = z.number().int();

/** A purchase by card: a Stripe Checkout session, or a charge of the saved card by automatic top-up. */
export const Purchase = z.object({
  _id: z.string().startsWith("pur_"),
  kind: z.enum(["checkout", "top-up"]),
  accountId: z.string(),
  amount,
  fee: amount,
  /** Of a top-up: what is added to amount and fee. Checkout computes it automatically. */
  tax: z.array(z.object({ name: z.string(), amount })).optional(),
  /** Open: it may still be paid. Posted: credited. Refused: it never will be. Attention: the operator has to decide. */
  status: z.enum(["open", "posted", "refused", "attention"]),
  /** Why it was refused or waits, as the buyer reads it. */
  reason: z.string().optional(),
  checkout: z.string().optional(),
  paymentIntent: z.string().optional(),
  /** The ledger's entry that it was credited as. */
  entry: z.string().optional(),
  /** Paid by a method that takes days, such as a bank debit. */
  processing: z.boolean().optional(),
  createdAt: z.date(),
  closedAt: z.date().optional(),
  /** While open: when Stripe is asked about it next, and how often it was. */
  checkAt: z.date().optional(),
  checks: z.number().int(),
});
export type Purchase = z.infer<typeof Purchase>;

/** What is closed is kept for so long, for its reason to be read. What was credited stays in the ledger. */
export const CLOSED_DAYS = 30;
