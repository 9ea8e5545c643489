import { z } from "zod";

const id = z.string().max(200).optional().catch(undefined);

/** What the address says; anything else in it counts as not said. */
export const CreditsQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
  /** The purchase that the buyer comes back from paying, or from leaving unpaid. */
  payment: id,
  cancelled: id,
  /** The set-up page that the buyer comes back from. */
  card: id,
});
export type CreditsQuery = z.infer<typeof CreditsQuery>;
