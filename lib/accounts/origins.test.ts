import { expect, test } from "vitest";
import { parseOrigin } from "./origins";

test.each([
  ["https://app.example.com", "https://app.example.com"],
  [" HTTPS://App.Example.com:443/ ", "https://app.example.com"],
  ["http://localhost:3000", "http://localhost:3000"],
  ["https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"],
  ["https://bücher.example", "https://xn--bcher-kva.example"],
  ["chrome-extension://abcdefgh", "chrome-extension://abcdefgh"],
])("%s is the origin %s", (text, origin) => {
  expect(parseOrigin(text)).toBe(origin);
});

test.each([
  "example.com",
  "https://",
  "https://a.example/path",
  "https://u@a.example",
  "*",
  "null",
  "",
])("%j is no origin", (text) => {
  expect(parseOrigin(text)).toBeNull();
});
