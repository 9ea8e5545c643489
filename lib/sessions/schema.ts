import { z } from "zod";

export const SignInMethod = z.enum(["google", "github", "email"]);
export type SignInMethod = z.infer<typeof SignInMethod>;

export const Session = z.object({
  /** SHA-256 (hexadecimal) of the token in the cookie; the token itself is never stored. */
  _id: z.string(),
  userId: z.string(),
  createdAt: z.date(),
  expires: z.date(),
  method: SignInMethod,
  /** The UTC day (2026-11-30) of its last use; missing until the day after the first. */
  lastUsedDay: z.string().optional(),
  /** What the browser says it is, shown next to "sign out". */
  userAgent: z.string().max(200),
});
export type Session = z.infer<typeof Session>;

export const SESSION_DAYS = 7;

export const SignInLink = z.object({
  /** A hash of the token in the mail; the token itself is never stored. */
  _id: z.string(),
  email: z.string(),
  expires: z.date(),
});
export type SignInLink = z.infer<typeof SignInLink>;

export const LINK_MINUTES = 15;

/** How often something was tried in one window of time: what, by whom and when are an HMAC. */
export const AttemptCount = z.object({
  _id: z.string(),
  count: z.number().int(),
  expires: z.date(),
});
export type AttemptCount = z.infer<typeof AttemptCount>;
