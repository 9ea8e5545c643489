import { NextResponse, type NextRequest } from "next/server";
import { env } from "@/lib/env";
import { areaOf, pageHeaders } from "@/lib/http/page-headers";

// Whatever matches has its body buffered, so the gateway, webhooks and other programs' endpoints must not.
export const config = {
  matcher: [
    "/((?!(?:v1|v1beta|upload|api|_next)(?:/|$)|.*\\.(?:css|ico|js|json|md|png|svg|txt|woff2|xml)$).*)",
  ],
};

/** Gives each page its headers, with a nonce of its own, which Next and the layout put on their scripts. */
export function proxy(request: NextRequest): NextResponse {
  const settings = env();
  const area = areaOf(request.nextUrl.pathname, settings);
  if (
    request.headers.has("rsc") &&
    area !== areaOf(pathOf(request.headers.get("referer")), settings)
  ) {
    // Answered without a page, Next's client loads the address as a document.
    return new NextResponse(null, { status: 204, headers: { "cache-control": "no-store" } });
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const headers = pageHeaders({ area, nonce, env: settings });
  const asked = new Headers(request.headers);
  asked.set("content-security-policy", headers["content-security-policy"] ?? "");
  asked.set("x-nonce", nonce);
  asked.set("x-area", area);
  asked.set("x-path", request.nextUrl.pathname);
  const response = NextResponse.next({ request: { headers: asked } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function pathOf(address: string | null): string {
  return address !== null && URL.canParse(address) ? new URL(address).pathname : "/";
}
