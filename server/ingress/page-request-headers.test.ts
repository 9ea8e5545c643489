import { expect, test } from "vitest";
import { pageRequestHeaders, pageResponseHeaders } from "./page-request-headers";

test("connection headers and headers reserved for an edge or Next are removed", () => {
  const headers = {
    host: "x",
    origin: "http://x",
    cookie: "a=b",
    connection: "close, X-Named , host, origin",
    "x-named": "1",
    "content-length": "5",
    "next-action": "abc",
    "stripe-signature": "t=1",
    rsc: "1",
    ...Object.fromEntries(
      [
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
        "proxy-connection",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-port",
        "x-forwarded-prefix",
        "forwarded",
        "x-nonce",
        "x-area",
        "x-onekey-account",
        "x-middleware-subrequest",
        "x-nextjs-data",
        "x-invoke-path",
        "x-matched-path",
        "x-now-route-matches",
        "x-action-forwarded",
        "x-original-url",
        "x-next-revalidated-tags",
        "x-prerender-revalidate",
        "next-resume",
        "x-real-ip",
      ].map((name) => [name, "x"]),
    ),
  };
  expect(pageRequestHeaders(headers, { "x-forwarded-for": "192.0.2.1" })).toEqual({
    host: "x",
    origin: "http://x",
    cookie: "a=b",
    "next-action": "abc",
    "stripe-signature": "t=1",
    rsc: "1",
    "x-forwarded-for": "192.0.2.1",
  });
});

test("a page's response keeps its headers in order, and repeated ones", () => {
  const raw = ["Set-Cookie", "a=1", "Connection", "keep-alive", "Set-Cookie", "b=2"];
  expect(
    pageResponseHeaders([...raw, "Transfer-Encoding", "chunked", "Content-Length", "5"]),
  ).toEqual(["Set-Cookie", "a=1", "Set-Cookie", "b=2", "Content-Length", "5"]);
});
