import { expect, test } from "vitest";
import { nearestPages } from "./public-pages";

test.each([
  ["/pricng", "/pricing"],
  ["/Pricing.html", "/pricing"],
  ["/docs/claud-code", "/docs/claude-code"],
  ["/claude-code", "/docs/claude-code"],
  ["/doc/errors/", "/docs/errors"],
  ["/signin", "/sign-in"],
  ["/model", "/models"],
])("a mistyped %s is nearest to %s", (typed, page) => {
  expect(nearestPages(typed)[0]?.path).toBe(page);
});

test("nothing is near an address that is like none, however long it is", () => {
  for (const typed of ["/", "/wp-login.php", "/nothing-here", `/${"x".repeat(100_000)}`])
    expect(nearestPages(typed), typed.slice(0, 40)).toEqual([]);
});
