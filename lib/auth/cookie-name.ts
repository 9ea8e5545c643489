import { env } from "@/lib/env";

/** The name of the session's cookie; browsers accept a `__Secure-` one only over https. */
export function sessionCookieName(): string {
  const secure = env().nextauthUrl.startsWith("https:");
  return secure ? "__Secure-next-auth.session-token" : "next-auth.session-token";
}
