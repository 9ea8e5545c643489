import fc from "fast-check";
import { expect, test } from "vitest";
import { findTargetProblem, isApiPath, lenientPath } from "./request-target";

test.each([
  "/",
  "/docs/api?x=%2e%2e/..#".slice(0, -1),
  "/v1/chat/completions",
  "/v1beta/models/gemini-2.5-flash:generateContent?alt=sse&key=a%2fb",
  "/models/claude-sonnet-4.5",
  "/.well-known/security.txt",
  "/docs/..hidden",
  "/_next/static/chunks/%5Bid%5D.js".replace("%5B", "[").replace("%5D", "]"),
  "/docs/caf%C3%A9",
  "/docs/a%20b",
])("%s is served", (target) => {
  expect(findTargetProblem(target)).toBeNull();
});

test.each([
  ["/x/../v1/models", /dot segment/],
  ["/./v1/models", /dot segment/],
  ["/docs/..", /dot segment/],
  ["/docs/..%2fv1/models", /dot segment/],
  ["/%2e/v1/models", /encoded dot/],
  ["/%2E%2e/v1/models", /encoded dot/],
  ["/x/.%2e/v1/models", /encoded dot/],
  ["/%252e/v1/models", /twice/],
  ["/x%252f..%252fv1", /twice/],
  ["/x\\v1\\models", /backslash/],
  ["/\\v1/models", /backslash/],
  ["/x%5cv1", /backslash/],
  ["//v1/models", /two slashes/],
  ["/docs//api", /two slashes/],
  ["/docs%2fapi", /encoded slash/],
  ["/%76%31/models", /encoded letter/],
  ["/v%31/models", /encoded letter/],
  ["/docs/%00", /control/],
  ["/docs/%0d%0a", /control/],
  ["/docs/%7f", /control/],
  ["/docs/%", /percent sign/],
  ["/docs/%zz", /percent sign/],
  ["/api/%E0%A4%A", /percent sign/],
  ["/docs/%ff", /percent sign/],
  ["/docs#/v1/models", /percent-encoded/],
  ["/docs/caf\u00e9", /percent-encoded/],
  ["http://x/v1/models", /Absolute/],
  ["*", /Absolute/],
  ["", /Absolute/],
] as [string, RegExp][])("%s is rejected", (target, reason) => {
  expect(findTargetProblem(target)).toMatch(reason);
});

test.each(["/v1/x/../models", "/v1/..", "/v1//models", "/v1/chat%2fcompletions", "/v1/.%2fx"])(
  "%s is left to the gateway, which has no such endpoint",
  (target) => {
    expect(findTargetProblem(target)).toBeNull();
  },
);

test("no reader takes a target for the gateway's that is not spelled so", () => {
  const piece = fc.constantFrom(
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "\\",
    "%25",
    "v1",
    "%76",
    "%31",
    "v1beta",
    "upload",
    "x",
    "models",
    "?",
    "#",
    ";",
    ":",
    "%00",
    "%",
    "%C3%A9",
    "%252e",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = `/${pieces.join("")}`;
      if (findTargetProblem(target) !== null || isApiPath(target.split("?")[0] ?? "")) return;
      expect(isApiPath(new URL(target, "http://x").pathname)).toBe(false);
      expect(isApiPath(lenientPath(target))).toBe(false);
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ["/x/../v1/models", "/v1/models"],
  ["/%252e/v1//models?x=/../", "/v1/models"],
  ["\\v1\\models", "/v1/models"],
  ["/%76%31/models", "/v1/models"],
  ["http://host/v1/models", "/v1/models"],
  ["/docs", "/docs"],
])("%s is read leniently as %s", (target, path) => {
  expect(lenientPath(target)).toBe(path);
});
