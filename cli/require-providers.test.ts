import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { catalogCheck } from "./catalog";
import { reconcileDay } from "./reconcile";

const resetEnv = () => {
  (globalThis as { onekeyEnv?: unknown }).onekeyEnv = undefined;
};
beforeEach(() => {
  resetEnv();
  vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  resetEnv();
});

test("a command that asks the providers states that the sandbox's mocks are out of its reach", async () => {
  const unreachable = /cannot reach the mock providers\. /;
  await expect(catalogCheck()).rejects.toThrow(unreachable);
  await expect(reconcileDay("openai", "2026-11-29")).rejects.toThrow(unreachable);
  await expect(reconcileDay("anthropic", "2026-11-29")).rejects.toThrow(unreachable);
});
