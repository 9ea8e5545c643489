import { z } from "zod";

export const SignInMethod = z.enum(["google", "github", "email"]);
export type SignInMethod = z.infer<typeof SignInMethod>;

export const Session = z.object({
  /** SHA-256 (hexadecimal) of the token in the cookie; the token itself is never stored. */
  _id: z.string(),
  accountId: z.string(),
  createdAt: z.date(),
  expires: z.date(),
  method: SignInMethod,
  /** What the browser says it is, shown beside "sign out". */
  userAgent: z.string().max(200),
});
export type Session = z.infer<typeof Session>;

export const SESSION_DAYS = 7;
