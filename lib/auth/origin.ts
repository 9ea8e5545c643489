import { env } from "@/lib/env";

/**
 * Whether a write comes from a page of this server. Browsers send `Origin` with every POST, so one without it is refused
 * as well. In the sandbox the server may be reached under any loopback name, so there its own Host counts too.
 */
export function isSameOrigin(request: { headers: Pick<Headers, "get"> }): boolean {
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  if (origin === new URL(env().nextauthUrl).origin) return true;
  return env().mode === "sandbox" && new URL(origin).host === request.headers.get("host");
}
