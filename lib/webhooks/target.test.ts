import { afterEach, expect, test, vi } from "vitest";
import { leaveSandbox } from "@/lib/db/testing/leave-sandbox";
import { checkTarget, parseTarget } from "./target";

afterEach(() => {
  vi.unstubAllEnvs();
  Reflect.deleteProperty(globalThis, "onekeyEnv");
});

/** Settings of a live server; none of them is used but the mode. */
function goLive(): void {
  Reflect.deleteProperty(globalThis, "onekeyEnv");
  leaveSandbox();
  const settings = {
    ONEKEY_MODE: "live",
    CONTACT_EMAIL: "help@example.com",
    MONGODB_URI: "mongodb://127.0.0.1:1/onekey",
    KEY_PEPPER: "p".repeat(32),
    NEXTAUTH_SECRET: "s".repeat(32),
    NEXTAUTH_URL: "https://onekey.example",
    OPENAI_API_KEY: "sk-live",
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
}

test.each([
  ["https://example.com/hook", "https://example.com/hook"],
  ["  https://Example.COM/hook  ", "https://example.com/hook"],
  ["https://example.com:443/hook?tenant=1", "https://example.com/hook?tenant=1"],
  ["https://example.com:8443/hook", "https://example.com:8443/hook"],
])("a live server takes %s", (input, href) => {
  goLive();
  expect(parseTarget(input).href).toBe(href);
});

test.each([
  ["", "complete URL"],
  ["example.com/hook", "complete URL"],
  ["http://example.com/hook", "https URL"],
  ["ftp://example.com/hook", "https URL"],
  ["file:///etc/passwd", "https URL"],
  ["javascript:alert(1)", "https URL"],
  ["https://user:secret@example.com/", "password"],
  ["https://user@example.com/", "password"],
  ["https://example.com/#part", "after #"],
  ["https://example.com:22/", "Port 22"],
  ["https://example.com:25/", "Port 25"],
  ["https://example.com:80/", "Port 80"],
  ["https://example.com:0/", "Port 0"],
  ["https://example.com:70000/", "complete URL"],
  [`https://example.com/${"a".repeat(2_048)}`, "at most 2,048"],
])("a live server refuses %s", (input, message) => {
  goLive();
  expect(() => parseTarget(input)).toThrow(message);
});

const check = (input: string, addresses: string[]) =>
  checkTarget(parseTarget(input), async () => addresses);

test.each([
  ["private", ["10.0.0.12"]],
  ["loopback", ["127.0.0.1"]],
  ["loopback over IPv6", ["::1"]],
  ["link-local metadata", ["169.254.169.254"]],
  ["shared by carriers", ["100.64.0.1"]],
  ["multicast", ["224.0.0.1"]],
  ["a mapped address", ["::ffff:127.0.0.1"]],
  ["NAT64", ["64:ff9b::7f00:1"]],
  ["unique local", ["fd00::1"]],
  ["a public and a private one", ["1.1.1.1", "192.168.0.1"]],
  ["no address at all", ["not-an-address"]],
])("a live server refuses a name that resolves to %s", async (_, addresses) => {
  goLive();
  await expect(check("https://hooks.corp.example/onekey", addresses)).rejects.toMatchObject({
    code: "bad_request",
    param: "url",
    message: "hooks.corp.example resolves to an address that is not public. Use a public one.",
  });
});

test.each([
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f.0.0.1/",
  "https://0177.0.0.1/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://0.0.0.0/",
  "https://169.254.169.254/latest/meta-data",
  "https://[fd00:ec2::254]/",
])("a live server refuses %s, whose host is an address", async (input) => {
  goLive();
  await expect(check(input, ["1.1.1.1"])).rejects.toThrow("is not a public address");
});

test("public addresses pass, and a name without any is refused with the reason", async () => {
  goLive();
  await check("https://example.com/", ["1.1.1.1", "2606:4700:4700::1111"]);
  const rejectsAll = () => Promise.reject(new Error("ENOTFOUND"));
  await expect(checkTarget(parseTarget("https://example.com/"), rejectsAll)).rejects.toThrow(
    "example.com could not be resolved",
  );
});

test("the sandbox takes loopback without TLS, and no other address that is not public", async () => {
  await check("http://127.0.0.1:4000/hook", []);
  await check("http://[::1]:4000/hook", []);
  await checkTarget(parseTarget("http://localhost:4000/hook"));
  await expect(check("http://receiver.example/", ["10.0.0.1"])).rejects.toThrow("not public");
  await expect(check("http://169.254.169.254/", [])).rejects.toThrow("not a public address");
});
