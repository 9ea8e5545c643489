import type { SignInMethod } from "@/lib/sessions/schema";

export const methodNames = {
  email: "Email link",
  google: "Google",
  github: "GitHub",
} satisfies Record<SignInMethod, string>;
