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
])("a mistyped %s is nearest to %s", (address, page) => {
  expect(nearestPages(address)[0]?.path).toBe(page);
});

test("nothing is near an address that is like none, however long it is", () => {
  for (const address of ["/", "/wp-login.php", "/nothing-here", `/${"x".repeat(100_000)}`])
    expect(nearestPages(address), address.slice(0, 40)).toEqual([]);
});
