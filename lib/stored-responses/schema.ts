import { z } from "zod";

/** Whose a stored response, or an item of one, is: the provider's id as an HMAC, never content. Gone after 30 days. */
export const StoredId = z.object({
  _id: z.string(),
  accountId: z.string(),
  channel: z.string(),
  at: z.date(),
});
export type StoredId = z.infer<typeof StoredId>;

export const STORED_DAYS = 30;
