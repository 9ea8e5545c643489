import type { SignInMethod } from "@/lib/sessions/schema";

/** What a sign-in method is called on pages, in mails and in the audit log. */
export const methodNames = {
  email: "Email link",
  google: "Google",
  github: "GitHub",
} satisfies Record<SignInMethod, string>;
