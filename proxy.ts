import { NextResponse, type NextRequest } from "next/server";
import { isSameOrigin } from "@/lib/auth/origin";
import { env } from "@/lib/env";
import { ACCOUNT_HEADER, splitAccountPath } from "@/lib/account-path";
import { areaOf, pageHeaders } from "@/lib/http/page-headers";

// Whatever matches has its body buffered, so programs' endpoints must not. Everything else may be a page, whatever its
// path ends in: the page that says there is none as well.
export const config = {
  matcher: [
    "/((?!(?:v1|v1beta|v1alpha|upload|api|chat/completions|completions|responses|messages|embeddings|moderations|images|audio)(?:/|$)|_next/static/).*)",
  ],
};

/**
 * Gives each page its headers, with a separate nonce, which Next and the layout put on their scripts. A page of a team is the
 * dashboard's page of the same path, with the team's id in a header.
 */
export function proxy(request: NextRequest): NextResponse {
  const settings = env();
  if (isWrite(request) && !isSameOrigin(request))
    return new NextResponse("Forms are accepted from our own pages only.\n", {
      status: 403,
      headers: { "cache-control": "no-store", "content-type": "text/plain; charset=utf-8" },
    });
  const target = placeOf(request.nextUrl.pathname);
  const origin = placeOf(pathOf(request.headers.get("referer")));
  const area = areaOf(target.path, settings);
  // The layout, which another account's page would keep, is of one account.
  if (
    request.headers.has("rsc") &&
    (area !== areaOf(origin.path, settings) || target.teamId !== origin.teamId)
  ) {
    // Answered without a page, Next's client loads the address as a document.
    return new NextResponse(null, { status: 204, headers: { "cache-control": "no-store" } });
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const headers = pageHeaders({ area, nonce, env: settings });
  const requestHeaders = new Headers(request.headers);
  requestHeaders.set("content-security-policy", headers["content-security-policy"] ?? "");
  requestHeaders.set("x-nonce", nonce);
  requestHeaders.set("x-area", area);
  requestHeaders.set("x-path", request.nextUrl.pathname);
  // An action that Next hands from one page to the one that has it keeps the account it was sent in.
  if (target.teamId !== null) requestHeaders.set(ACCOUNT_HEADER, target.teamId);
  else if (!request.headers.has("x-action-forwarded")) requestHeaders.delete(ACCOUNT_HEADER);
  // Next hides its own header from pages.
  if (request.headers.has("rsc")) requestHeaders.set("x-soft-navigation", "1");
  else requestHeaders.delete("x-soft-navigation");
  if (isWrite(request) && settings.mode === "live") {
    // Next compares Origin, which was checked above, with where it believes to be reached.
    const { host, protocol } = new URL(settings.nextauthUrl);
    requestHeaders.set("x-forwarded-host", host);
    requestHeaders.set("x-forwarded-proto", protocol.slice(0, -1));
  }
  const pageRequest = { request: { headers: requestHeaders } };
  const response =
    target.teamId === null
      ? NextResponse.next(pageRequest)
      : NextResponse.rewrite(rewritten(request, target.path), pageRequest);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Next takes a server action without `Origin`; browsers send one with every form. */
function isWrite({ method }: NextRequest): boolean {
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
}

/** The team that a path names, and the path of the page. */
const placeOf = (pathname: string): { teamId: string | null; path: string } =>
  splitAccountPath(pathname) ?? { teamId: null, path: pathname };

function rewritten(request: NextRequest, path: string): URL {
  const url = request.nextUrl.clone();
  url.pathname = path;
  return url;
}

function pathOf(address: string | null): string {
  return address !== null && URL.canParse(address) ? new URL(address).pathname : "/";
}
