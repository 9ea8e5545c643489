import { z } from "zod";

/** Nano-credits. */
const amount = z.number().int();

/** Who a receipt is made out to, as the buyer entered it at the payment system. */
export const BillingDetails = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  /** The lines of the postal address, the country's code last. */
  address: z.array(z.string()).optional(),
  taxIds: z.array(z.string()).optional(),
});
export type BillingDetails = z.infer<typeof BillingDetails>;

/** What Stripe says of a payment; a refund or a dispute has only the ids. */
export const StripeDetails = z.object({
  paymentIntent: z.string(),
  checkout: z.string().optional(),
  refund: z.string().optional(),
  dispute: z.string().optional(),
  /** What the buyer paid: credits, fee and tax. */
  total: amount.optional(),
  tax: z.array(z.object({ name: z.string(), amount })).optional(),
  /** Such as "Visa ending in 4242". */
  method: z.string().optional(),
  billing: BillingDetails.optional(),
  /** Whether automatic top-up made the payment. */
  automatic: z.boolean().optional(),
});
export type StripeDetails = z.infer<typeof StripeDetails>;

export const ChainDetails = z.object({
  chain: z.enum(["base", "ethereum"]),
  token: z.enum(["USDC", "USDT"]),
  /** `0x` and 64 lower-case hexadecimal digits. */
  hash: z.string(),
  /** The ordinal of the transfer within its transaction: a log index changes in a reorganisation. */
  ordinal: z.number().int(),
  from: z.string(),
  to: z.string(),
  block: z.number().int(),
});
export type ChainDetails = z.infer<typeof ChainDetails>;

export const LedgerEntry = z.object({
  /** The source: `pi_…`, `re_…`, `chain:hash:ordinal`, `grt_…`. Once in the ledger, once credited. */
  _id: z.string(),
  accountId: z.string(),
  seq: z.number().int(),
  /** `debt`: what a deleted account owed, taken over by the same person's new account. */
  kind: z.enum(["purchase", "refund", "dispute", "grant", "debt"]),
  /** Negative for what goes out. */
  amount,
  /** What the buyer paid on top of the amount for the purchase itself. */
  fee: amount.optional(),
  at: z.date(),
  reason: z.string().optional(),
  stripe: StripeDetails.optional(),
  chain: ChainDetails.optional(),
  /** The purchase of a refund or dispute, and what it asked for: `amount` is what was left of the purchase. */
  of: z.string().optional(),
  claimed: amount.optional(),
  /** On a purchase or refund: when it was mailed, or from when on somebody may try. */
  receipt: z.object({ mailedAt: z.date().optional(), dueAt: z.date().optional() }).optional(),
  applied: z.boolean(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
