import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EnvError, EnvVariables, loadEnv, parseEnv } from ".";

const long = "0123456789abcdef0123456789abcdef";
const live = {
  ONEKEY_MODE: "live",
  OPENAI_API_KEY: "sk-live",
  CONTACT_EMAIL: "help@onekey.example",
};
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "onekey-env-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What a developer's shell may well export. */
const shell = {
  MONGODB_URI: "mongodb+srv://user:pass@cluster.example.net/prod",
  OPENAI_API_KEY: "sk-proj-real",
  OPENAI_BASE_URL: "https://api.openai.com/v1",
  ANTHROPIC_API_KEY: "sk-ant-real",
  ANTHROPIC_BASE_URL: "https://api.anthropic.com",
  GEMINI_API_KEY: "AIzaReal",
  GOOGLE_GEMINI_BASE_URL: "https://generativelanguage.googleapis.com",
  XAI_API_KEY: "xai-real",
  XAI_BASE_URL: "https://api.x.ai/v1",
  NEXTAUTH_URL: "https://onekey.example",
  NEXTAUTH_SECRET: long,
  KEY_PEPPER: long,
  CRON_SECRET: long,
  GOOGLE_CLIENT_ID: "1234.apps.googleusercontent.com",
  GITHUB_CLIENT_SECRET: "half a pair",
  RESEND_API_KEY: "re_real",
  EMAIL_FROM: "billing@onekey.example",
  STRIPE_SECRET_KEY: "sk_live_real",
  STRIPE_WEBHOOK_SECRET: "whsec_real",
  TREASURY_ADDRESS: "0x0000000000000000000000000000000000000001",
  BASE_RPC_URL: "https://base.example",
  ETHEREUM_RPC_URL: "https://ethereum.example",
  ETHERSCAN_API_KEY: "real",
  WALLETCONNECT_PROJECT_ID: "0123456789abcdef0123456789abcdef",
  GTM_ID: "GTM-REAL",
  COOKIEBOT_ID: "real",
  HOST: "devbox.example.net",
};

test("operators are named by address in any case; only the sandbox has a default one", () => {
  const operators = (list: string) => parseEnv({ ...live, OPERATOR_EMAILS: list }).operatorEmails;
  expect(parseEnv(live).operatorEmails).toEqual([]);
  expect(parseEnv({}).operatorEmails).toEqual(["demo@onekey.local"]);
  expect(parseEnv({ OPERATOR_EMAILS: "me@example.com" }).operatorEmails).toEqual([
    "me@example.com",
  ]);
  expect(operators(" Ada@Example.com, bob@example.com ,")).toEqual([
    "ada@example.com",
    "bob@example.com",
  ]);
  // The Kelvin sign would become a k.
  for (const wrong of ["ada", "ada@example.com; bob@example.com", "*", "ada@\u212Aey.example"])
    expect(() => operators(wrong)).toThrow("OPERATOR_EMAILS");
});

describe("sandbox", () => {
  test("a shell full of real-looking credentials changes nothing", () => {
    const { ignored: ignoredNames, ...settings } = parseEnv(shell);
    const { ignored: noNames, ...plain } = parseEnv({});
    expect(settings).toEqual(plain);
    expect(noNames).toEqual([]);
    expect(ignoredNames.toSorted()).toEqual(Object.keys(shell).toSorted());
    for (const value of Object.values(shell)) expect(JSON.stringify(settings)).not.toContain(value);
  });

  test("is the default, on loopback, with mocks only", () => {
    const settings = parseEnv({ ONEKEY_SANDBOX_PROVIDERS: "http://127.0.0.1:4010/" });
    expect(settings).toMatchObject({
      mode: "sandbox",
      host: "127.0.0.1",
      port: 3000,
      mongodbUri: undefined,
      stripe: null,
    });
    expect(settings.nextauthUrl).toBe("http://127.0.0.1:3000");
    expect(settings.sandboxUrls?.providers).toBe("http://127.0.0.1:4010");
    expect(settings.providers.openai).toEqual({ baseUrl: null, keys: [] });
    expect(settings.dataDir).toBe(path.resolve(".data/sandbox"));
  });

  test("mocks elsewhere than on loopback are refused", () => {
    expect(problemsOf({ ONEKEY_SANDBOX_PROVIDERS: "http://10.0.0.7:4010" })).toEqual([
      "ONEKEY_SANDBOX_PROVIDERS must be on loopback.",
    ]);
  });

  test("its own MongoDB is taken on loopback only, and MONGODB_URI never", () => {
    const customUrl = "mongodb://127.0.0.1:27017/onekey_try";
    expect(
      parseEnv({ ONEKEY_SANDBOX_MONGODB_URI: customUrl, MONGODB_URI: "mongodb://elsewhere/" })
        .mongodbUri,
    ).toBe(customUrl);
    for (const wrong of [
      "mongodb://10.0.0.7/x",
      "mongodb://me:secret@127.0.0.1/x",
      "mongodb+srv://127.0.0.1/x",
    ])
      expect(problemsOf({ ONEKEY_SANDBOX_MONGODB_URI: wrong })).toHaveLength(1);
  });

  test("an IPv6 loopback address is kept and written as one", () => {
    expect(parseEnv({ HOST: "::1", PORT: "8080" })).toMatchObject({
      host: "::1",
      nextauthUrl: "http://[::1]:8080",
      ignored: [],
    });
  });
});

describe("live", () => {
  test("everything missing or wrong is listed together, without values", () => {
    const problems = problemsOf({
      ONEKEY_MODE: "live",
      MONGODB_URI: "postgres://hidden",
      OPENAI_BASE_URL: "http://models.example/v1",
      ANTHROPIC_BASE_URL: "https://api.anthropic.com/v1",
      PORT: "99999",
      GOOGLE_CLIENT_ID: "hidden",
      STRIPE_SECRET_KEY: "hidden",
      FREE_CREDITS_MAX: "-1",
      STREAM_USAGE: "always",
      ONEKEY_SANDBOX_PROVIDERS: "http://127.0.0.1:1",
    });
    for (const name of [
      "MONGODB_URI must start",
      "OPENAI_BASE_URL must be https",
      "ANTHROPIC_BASE_URL must not end",
      "PORT must be",
      "Google sign-in is half",
      "Stripe is half",
      "FREE_CREDITS_MAX must",
      "STREAM_USAGE must",
      "at least one of OPENAI_API_KEY",
      "KEY_PEPPER is required",
      "NEXTAUTH_SECRET is required",
      "NEXTAUTH_URL (the public address) is required",
      "CONTACT_EMAIL is required in live mode",
      "no mock",
    ]) {
      expect(problems.join("\n")).toContain(name);
    }
    expect(problems).toHaveLength(14);
    expect(problems.join("\n")).not.toContain("hidden");
  });

  test("live mode does not start without an address to write to", () => {
    const { CONTACT_EMAIL: _, ...unreachable } = live;
    const mail = { RESEND_API_KEY: "re_1", NEXTAUTH_URL: "https://onekey.example" };
    for (const variables of [
      unreachable,
      { ...unreachable, CONTACT_EMAIL: " " },
      { ...unreachable, ...mail, EMAIL_FROM: "OneKey" },
    ])
      expect(problemsOf(variables)).toEqual([
        expect.stringMatching(/^CONTACT_EMAIL is required in live mode: /),
      ]);
    const sender = { ...unreachable, ...mail, EMAIL_FROM: "OneKey <hello@onekey.example>" };
    expect(parseEnv(sender).contactEmail).toBe("hello@onekey.example");
    expect(parseEnv(live).contactEmail).toBe("help@onekey.example");
    expect(parseEnv({}).contactEmail).toBeNull();
  });

  test("several credentials of a provider are separated by commas", () => {
    expect(parseEnv({ ...live, OPENAI_API_KEY: " a, b ,a," }).providers.openai?.keys).toEqual([
      "a",
      "b",
    ]);
  });

  test("a base URL is https unless its host is loopback", () => {
    expect(problemsOf({ ...live, XAI_BASE_URL: "http://x.example/v1" })).toHaveLength(1);
    expect(problemsOf({ ...live, XAI_BASE_URL: "http://127.0.0.1.example/v1" })).toHaveLength(1);
    expect(
      parseEnv({ ...live, XAI_BASE_URL: "http://127.0.0.1:9000/v1/" }).providers.xai?.baseUrl,
    ).toBe("http://127.0.0.1:9000/v1");
  });

  test("an optional feature is complete, off, or reported as a problem", () => {
    expect(parseEnv(live)).toMatchObject({
      google: null,
      github: null,
      resend: null,
      stripe: null,
      chain: null,
      walletConnect: null,
      analytics: null,
    });
    expect(parseEnv({ ...live, GTM_ID: "g", COOKIEBOT_ID: "c" }).analytics).toEqual({
      gtmId: "g",
      cookiebotId: "c",
    });
    expect(problemsOf({ ...live, GTM_ID: "g" })).toEqual([
      "Analytics is half configured: set COOKIEBOT_ID too, or none.",
    ]);
    expect(problemsOf({ ...live, BASE_RPC_URL: "https://base.example" })).toHaveLength(1);
    const pairing = { WALLETCONNECT_PROJECT_ID: "0123456789abcdef0123456789abcdef" };
    const base = { TREASURY_ADDRESS: `0x${"1".repeat(40)}`, BASE_RPC_URL: "https://base.example" };
    expect(parseEnv({ ...live, ...base, ...pairing }).walletConnect).toEqual({
      projectId: "0123456789abcdef0123456789abcdef",
      relayUrl: "wss://relay.walletconnect.org",
    });
    expect(problemsOf({ ...live, ...pairing })).toEqual([
      "Crypto payments are half configured: they need TREASURY_ADDRESS and BASE_RPC_URL or ETHEREUM_RPC_URL.",
    ]);
    expect(problemsOf({ ...live, ...base, WALLETCONNECT_PROJECT_ID: "my-project" })).toHaveLength(
      1,
    );
    expect(
      problemsOf({ ...live, ONEKEY_SANDBOX_WALLETCONNECT: "http://127.0.0.1:1" }),
    ).toHaveLength(1);
  });

  test("an empty variable counts as unset", () => {
    expect(parseEnv({ ...live, STRIPE_SECRET_KEY: "", PORT: " " })).toMatchObject({
      stripe: null,
      port: 3000,
    });
  });
});

describe("secrets that were not given", () => {
  test("are created once, readable only by the owner, and stay the same", () => {
    const first = loadEnv({ ONEKEY_DATA_DIR: directory });
    const second = loadEnv({ ONEKEY_DATA_DIR: directory });
    const file = path.join(directory, "sandbox", "secrets.json");
    expect(first.keyPepper).toHaveLength(43);
    expect(second).toEqual(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadEnv({ ...live, ONEKEY_DATA_DIR: directory }).keyPepper).not.toBe(first.keyPepper);
  });

  test("are never replaced when their file is damaged", () => {
    loadEnv({ ONEKEY_DATA_DIR: directory });
    writeFileSync(path.join(directory, "sandbox", "secrets.json"), "{");
    expect(() => loadEnv({ ONEKEY_DATA_DIR: directory })).toThrow(EnvError);
  });
});

test(".env.example names every variable, and gives no value", () => {
  const example = readFileSync(
    fileURLToPath(new URL("../../.env.example", import.meta.url)),
    "utf8",
  );
  const lines = example.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines.toSorted()).toEqual(
    Object.keys(EnvVariables.shape)
      .map((name) => `${name}=`)
      .toSorted(),
  );
});

function problemsOf(source: Record<string, string>): string[] {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}
