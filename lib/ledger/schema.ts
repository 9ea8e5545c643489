import { z } from "zod";

export const LedgerEntry = z.object({
  /** The source: `pi_…`, `re_…`, `chain:hash:ordinal`, `grt_…`. Once in the ledger, once credited. */
  _id: z.string(),
  accountId: z.string(),
  seq: z.number().int(),
  kind: z.enum(["purchase", "refund", "dispute", "grant"]),
  /** Nano-credits, negative for what goes out. */
  amount: z.number().int(),
  at: z.date(),
  reason: z.string().optional(),
  applied: z.boolean(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
