import { z } from "zod";

/**
 * Whose a stored response and its items are: the provider's ids as HMACs, never content. `_id` is the response's, `ids` those of
 * its items; documents of earlier versions have one id each. Deleted after 30 days.
 */
export const StoredId = z.object({
  _id: z.string(),
  ids: z.array(z.string()).optional(),
  accountId: z.string(),
  channel: z.string(),
  at: z.date(),
});
export type StoredId = z.infer<typeof StoredId>;

export const STORED_DAYS = 30;
