import { headers } from "next/headers";
import { env } from "@/lib/env";

/** Where clients reach this server, as the pages print it: no slash at the end. */
export async function publicAddress(): Promise<string> {
  const { mode, nextauthUrl } = env();
  const host = (await headers()).get("host") ?? "";
  // In the sandbox the port may be any; elsewhere a Host header is the caller's word and not ours.
  if (mode === "sandbox" && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host))
    return `http://${host}`;
  return nextauthUrl.replace(/\/+$/, "");
}
