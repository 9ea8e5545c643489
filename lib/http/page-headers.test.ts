import { expect, test } from "vitest";
import { areaOf, contentPolicy, pageHeaders, type PageArea } from "./page-headers";
import { parseEnv } from "@/lib/env";

const live = {
  ONEKEY_MODE: "live",
  CONTACT_EMAIL: "help@example.com",
  OPENAI_API_KEY: "sk-1",
  NEXTAUTH_URL: "https://onekey.example",
};
const everything = {
  ...live,
  GTM_ID: "GTM-1",
  COOKIEBOT_ID: "00000000-0000-0000-0000-000000000000",
  GOOGLE_CLIENT_ID: "g",
  GOOGLE_CLIENT_SECRET: "g",
  GITHUB_CLIENT_ID: "h",
  GITHUB_CLIENT_SECRET: "h",
  STRIPE_SECRET_KEY: "s",
  STRIPE_WEBHOOK_SECRET: "s",
};

const crypto = {
  TREASURY_ADDRESS: `0x${"1".repeat(40)}`,
  BASE_RPC_URL: "https://base.example",
  WALLETCONNECT_PROJECT_ID: "a".repeat(32),
};
const areas: PageArea[] = ["site", "sign-in", "dashboard", "credits"];

function policy(area: PageArea, source: Record<string, string> = live): Record<string, string> {
  const text = contentPolicy({ area, nonce: "N", env: parseEnv(source) });
  return Object.fromEntries(
    text
      .split("; ")
      .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1).join(" ")]),
  );
}

const hosts = (directives: Record<string, string>) =>
  Object.values(directives)
    .join(" ")
    .match(/(?:https?|wss?):\S+/g) ?? [];

test("a script runs only with the nonce of its page, whatever is set up", () => {
  for (const area of areas)
    for (const source of [{}, live, everything])
      expect(policy(area, source)["script-src"]).toBe("'self' 'nonce-N' 'strict-dynamic'");
});

test("without other services set up, no page may speak to another host", () => {
  for (const area of areas) expect(hosts(policy(area))).toEqual([]);
});

test("pages may speak only to the hosts of what is set up, each area to its own", () => {
  expect(
    hosts(policy("site", everything)).every((host) =>
      /cookiebot|google(tagmanager|-analytics)|analytics\.google/.test(host),
    ),
  ).toBe(true);
  expect(
    new Set(hosts(policy("sign-in", everything)).map((host) => new URL(host).hostname)),
  ).toEqual(
    new Set(["accounts.google.com", "github.com", "checkout.stripe.com", "billing.stripe.com"]),
  );
  expect(policy("dashboard", everything)["connect-src"]).toBe("'self'");
  expect(policy("dashboard", everything)["frame-src"]).toBe("'none'");
});

test("only the credits page reaches WalletConnect's relay, and only with a project id", () => {
  const relay = "wss://relay.walletconnect.org";
  for (const area of areas) {
    expect(policy(area, { ...everything, ...crypto })["connect-src"]?.includes(relay)).toBe(
      area === "credits",
    );
    expect(JSON.stringify(policy(area, everything))).not.toContain("walletconnect");
  }
  expect(policy("credits", { ...everything, ...crypto })).toEqual({
    ...policy("dashboard", everything),
    "connect-src": `'self' ${relay}`,
  });
  const stood = { ONEKEY_SANDBOX_WALLETCONNECT: "http://127.0.0.1:4001/" };
  expect(
    policy("credits", { ...stood, WALLETCONNECT_PROJECT_ID: "a".repeat(32) })["connect-src"],
  ).toBe("'self' ws://127.0.0.1:4001");
});

test("forms may post to the mocks in the sandbox, and to no other host", () => {
  const sandbox = { ONEKEY_SANDBOX_PROVIDERS: "http://127.0.0.1:4000/x" };
  expect(policy("dashboard", sandbox)["form-action"]).toBe("'self' http://127.0.0.1:4000");
  expect(policy("site", sandbox)["form-action"]).toBe("'self'");
});

test("inline styles are refused but where Cookiebot draws its dialogue", () => {
  expect(policy("site")["style-src"]).toBe("'self' 'nonce-N'");
  expect(policy("dashboard", everything)["style-src"]).toBe("'self' 'nonce-N'");
  expect(policy("site", everything)["style-src"]).toBe("'self' 'unsafe-inline'");
});

test("every page refuses frames, and asks for https for two years where it has it", () => {
  const over = (NEXTAUTH_URL: string) =>
    pageHeaders({ area: "site", nonce: "N", env: parseEnv({ ...live, NEXTAUTH_URL }) });
  expect(over("https://onekey.example")).toMatchObject({
    "x-frame-options": "DENY",
    "strict-transport-security": "max-age=63072000",
  });
  expect(over("http://127.0.0.1:3000")).not.toHaveProperty("strict-transport-security");
  expect(policy("site")["frame-ancestors"]).toBe("'none'");
});

test("a path has the area of its first segment; credits is separate with pairing", () => {
  const paths = [
    "/",
    "/models/sign-in",
    "/sign-in",
    "/sign-in/check",
    "/dashboard",
    "/dashboards",
    "/dashboard/credits",
  ];
  const of = (source: Record<string, string>) =>
    paths.map((path) => areaOf(path, parseEnv(source)));
  const areas = ["site", "site", "sign-in", "sign-in", "dashboard", "site"];
  expect(of(live)).toEqual([...areas, "dashboard"]);
  expect(of({ ...live, ...crypto })).toEqual([...areas, "credits"]);
  expect(areaOf("/dashboard/credits-old", parseEnv({ ...live, ...crypto }))).toBe("dashboard");
});
