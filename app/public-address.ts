import { headers } from "next/headers";
import { env } from "@/lib/env";

/** The public origin of this server, without a trailing slash. */
export async function publicAddress(): Promise<string> {
  const { mode, nextauthUrl } = env();
  const host = (await headers()).get("host") ?? "";
  // The sandbox can run on any port. Outside of the sandbox the Host header is not trusted.
  if (mode === "sandbox" && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host))
    return `http://${host}`;
  return nextauthUrl.replace(/\/+$/, "");
}
