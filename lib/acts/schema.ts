import { z } from "zod";

/** One thing that an operator did to an account. Nothing of what requests say is ever in it. */
export const Act = z.object({
  _id: z.string(),
  at: z.date(),
  /** The operator's account; null when it was done on the command line. */
  operator: z.string().nullable(),
  what: z.enum(["grant", "suspend", "lift"]),
  accountId: z.string(),
  /** Nano-credits, of a grant. */
  amount: z.number().int().optional(),
  reason: z.string().optional(),
});
export type Act = z.infer<typeof Act>;
