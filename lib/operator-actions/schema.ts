import { z } from "zod";

/** Why an operator does something: one line of plain text, which the owner of the account may read. */
export const ActionReason = z
  .string("Give a reason.")
  .trim()
  .min(1, "Give a reason.")
  .max(200, "A reason has at most 200 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A reason is one line of plain text.");

/** One thing that an operator did to an account. Nothing of what requests say is ever in it. */
export const OperatorAction = z.object({
  _id: z.string(),
  at: z.date(),
  /** The operator's account; null when it was done on the command line. */
  operator: z.string().nullable(),
  what: z.enum(["grant", "suspend", "lift", "assign"]),
  accountId: z.string(),
  /** Nano-credits, of a grant or an assigned transfer. */
  amount: z.number().int().optional(),
  /** The entry of the ledger that it made. */
  entry: z.string().optional(),
  reason: z.string().optional(),
  /** False while it is being done, and for good when the process died in the middle of it. */
  done: z.boolean(),
});
export type OperatorAction = z.infer<typeof OperatorAction>;
