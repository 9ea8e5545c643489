import type { NextRequest } from "next/server";
import { clientOf } from "./client";
import { cookiesOfFlow, keepFlow } from "./cookies";
import { formOf } from "./form";
import { finishLinking, isLinking } from "./linking";
import { callNextAuth } from "./next-auth";
import { safePath, safePathOf } from "./next-path";
import { isSameOrigin } from "./origin";
import { foreignOrigin, goTo, noSuchPage, notSignedIn, signedIn } from "./respond";
import { oauthMethodOf } from "./settings";

/** Begins a sign-in at Google or GitHub: keeps the state in this browser and sends it there. */
export async function startOAuth(request: NextRequest, provider: string): Promise<Response> {
  const method = oauthMethodOf(provider);
  if (method === null) return noSuchPage();
  if (!isSameOrigin(request)) return foreignOrigin();
  const next = safePath((await formOf(request)).get("next"));
  const { location, cookies, problem } = await callNextAuth({
    action: "signin",
    method,
    body: { callbackUrl: next },
    userAgent: "",
    client: clientOf(request.headers),
  });
  return problem === null
    ? goTo(location, keepFlow({ request, cookies, location }))
    : notSignedIn({ request, problem, next });
}

/** Ends it, or links a method, when the provider has sent the browser back. */
export async function finishOAuth(request: NextRequest, provider: string): Promise<Response> {
  const method = oauthMethodOf(provider);
  if (method === null) return noSuchPage();
  if (isLinking(request)) return finishLinking(request, method);
  const cookies = cookiesOfFlow(request, request.nextUrl.searchParams.get("state") ?? "");
  const stateCookie = Object.entries(cookies).find(([name]) =>
    name.endsWith("next-auth.callback-url"),
  )?.[1];
  const next = safePathOf(stateCookie ?? "");
  const query = Object.fromEntries(request.nextUrl.searchParams);
  if (query.error === "access_denied") return notSignedIn({ request, problem: "cancelled", next });
  const { session, problem } = await callNextAuth({
    action: "callback",
    method,
    query,
    cookies,
    userAgent: request.headers.get("user-agent") ?? "",
    client: clientOf(request.headers),
  });
  if (session === null || problem !== null)
    return notSignedIn({ request, problem: problem ?? "failed", next });
  return signedIn({ request, session, next });
}
