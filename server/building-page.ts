import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

/** How long a build of the pages usually takes, for the bar. */
const USUAL_MS = 75_000;
const RELOAD_S = 3;

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1.5rem;color-scheme:light dark}progress{width:100%}";
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; frame-ancestors 'none'`;

/**
 * What a request for a page gets while the pages are built on a first start: a page that says so and reloads itself, or JSON
 * for a program. The API does not need the pages and serves meanwhile.
 */
export function sendBuildingPage(input: {
  res: ServerResponse;
  accept: string;
  isHead: boolean;
  elapsedMs: number;
}): void {
  const { res, accept, isHead, elapsedMs } = input;
  const isPage = accept.includes("text/html");
  const body = Buffer.from(isPage ? pageText(elapsedMs) : JSON.stringify({ status: "building" }));
  res.writeHead(503, {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/json",
    "content-length": String(body.length),
    "cache-control": "no-store",
    "retry-after": String(RELOAD_S),
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  res.end(isHead ? undefined : body);
}

function pageText(elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  const percent = Math.min(95, Math.round((elapsedMs / USUAL_MS) * 100));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${RELOAD_S}">
<title>Building the pages · OneKey</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Building the pages</h1>
<p>This takes about a minute, once, on the first start. ${seconds} seconds so far. This page opens the one you asked for when they are there.</p>
<progress max="100" value="${percent}" aria-label="Progress of the build">${percent} %</progress>
<p>The API already serves: the command that was printed in the terminal works now.</p>
</main>
</body>
</html>
`;
}
