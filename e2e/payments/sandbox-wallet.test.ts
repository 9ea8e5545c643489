import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { askSandboxWallet, sandboxWalletScript } from "@/app/sandbox/sandbox-wallet";
import { env } from "@/lib/env";

const dataDir = mkdtempSync(path.join(tmpdir(), "onekey-live-"));
Object.assign(process.env, {
  ONEKEY_MODE: "live",
  CONTACT_EMAIL: "help@example.com",
  ONEKEY_DATA_DIR: dataDir,
  OPENAI_API_KEY: "sk-test",
});
delete process.env.ONEKEY_SANDBOX_MONGODB_URI;
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("in live mode there is no sandbox wallet", async () => {
  expect(env().mode).toBe("live");
  expect((await sandboxWalletScript()).status).toBe(404);
  const call = {
    method: "POST",
    headers: { origin: env().nextauthUrl },
    body: '{"method":"eth_accounts","params":[]}',
  };
  for (const chain of ["base", "ethereum", "polygon"])
    expect(
      (
        await askSandboxWallet(
          new Request(`${env().nextauthUrl}/sandbox/wallet/${chain}`, call),
          chain,
        )
      ).status,
    ).toBe(404);
});
