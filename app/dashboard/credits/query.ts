import { z } from "zod";

const id = z.string().max(200).optional().catch(undefined);

/** The query of the credits page. Invalid values count as missing. */
export const CreditsQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
  /** The id of the purchase whose payment page the buyer returns from. */
  payment: id,
  cancelled: id,
  /** The id of the setup session that the buyer returns from. */
  card: id,
});
export type CreditsQuery = z.infer<typeof CreditsQuery>;
