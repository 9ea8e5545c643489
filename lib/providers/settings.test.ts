import { expect, test } from "vitest";
import { parseEnv } from "@/lib/env";
import { listProviders, providerSettings } from ".";

const live = {
  ONEKEY_MODE: "live",
  OPENAI_API_KEY: "sk-1, sk-2",
  CONTACT_EMAIL: "help@example.com",
};

test("a provider's address is its record's, unless the environment names another", () => {
  const env = parseEnv({ ...live, XAI_API_KEY: "x", XAI_BASE_URL: "https://proxy.example/v1/" });
  expect(providerSettings("openai", env)).toEqual({
    baseUrl: "https://api.openai.com/v1",
    keys: ["sk-1", "sk-2"],
  });
  expect(providerSettings("xai", env)).toEqual({
    baseUrl: "https://proxy.example/v1",
    keys: ["x"],
  });
  expect(providerSettings("google", env).keys).toEqual([]);
});

test("the sandbox reaches mock providers only, with credentials that protect nothing", () => {
  const mocks = parseEnv({
    ...live,
    ONEKEY_MODE: "sandbox",
    ONEKEY_SANDBOX_PROVIDERS: "http://127.0.0.1:4010/",
  });
  expect(listProviders().map(({ id }) => providerSettings(id, mocks))).toEqual([
    { baseUrl: "http://127.0.0.1:4010/openai/v1", keys: ["sandbox-openai"] },
    { baseUrl: "http://127.0.0.1:4010/anthropic", keys: ["sandbox-anthropic"] },
    { baseUrl: "http://127.0.0.1:4010/google", keys: ["sandbox-google"] },
    { baseUrl: "http://127.0.0.1:4010/xai/v1", keys: ["sandbox-xai"] },
  ]);
  const sandboxEnv = parseEnv({ ONEKEY_MODE: "sandbox" });
  expect(providerSettings("openai", sandboxEnv).baseUrl).toBe("http://127.0.0.1:9/openai/v1");
});

test("every address ends as its paths expect", () => {
  for (const { id, baseUrl, paths } of listProviders()) {
    expect(new URL(baseUrl).protocol, id).toBe("https:");
    expect(baseUrl.endsWith("/"), id).toBe(false);
    for (const path of Object.values(paths)) expect(path, id).toMatch(/^(\/|same$)/);
  }
});
