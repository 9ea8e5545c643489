import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { HOME, safePath, safePathOf } from "./next-path";

beforeAll(() => {
  vi.stubEnv("ONEKEY_DATA_DIR", mkdtempSync(path.join(tmpdir(), "onekey-next-")));
  vi.stubEnv("NEXTAUTH_URL", "http://127.0.0.1:3000");
});

test.each([
  "/",
  "/dashboard",
  "/dashboard/usage?from=2026-11-01#rows",
  "/models/gpt-6-luna",
  "/security#stored",
  "/apis",
])("%s is a place to go", (next) => {
  expect(safePath(next)).toBe(next);
  expect(safePathOf(`http://127.0.0.1:3000${next}`)).toBe(next);
});

test.each([
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/%2e//evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "",
  "dashboard",
  "/api/auth/one-tap",
  "/api",
  "/sign-in",
  "/sign-in/link?token=x",
  "/a b",
  undefined,
  7,
  ["/x"],
  `/${"x".repeat(2_000)}`,
])("%j is none", (next) => {
  expect(safePath(next)).toBe(HOME);
});

test("an address of another site is none, even one that begins like ours", () => {
  for (const address of [
    "http://127.0.0.1:3000.evil.example/",
    "http://127.0.0.1:30000/x",
    "http://127.0.0.1:3000@evil.example/",
  ])
    expect(safePathOf(address)).toBe(HOME);
});

test("whatever is given, a browser that follows the answer stays on this site", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    ".",
    "%2f",
    "evil.example",
    ":",
    "@",
    "?",
    "#",
    "\t",
    "http",
    "a",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const to = new URL(safePath(`/${pieces.join("")}`), "http://127.0.0.1:3000/sign-in");
      expect(to.origin).toBe("http://127.0.0.1:3000");
    }),
    { numRuns: 5_000 },
  );
});
