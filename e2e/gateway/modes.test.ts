import { mkdtemp, rename, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { MongoClient } from "mongodb";
import { afterAll, expect, test } from "vitest";
import { ageDeployment } from "../support/age-deployment";
import { startLive } from "../support/live";
import { freePort, launch, launchServer, stopAll } from "../support/processes";
import { messageWith, chat, deployment } from "../support/shared-deployment";

afterAll(stopAll);

/** Starts a process that is expected to refuse to run: its exit code and all that it said. */
async function refused(script: string, environment: Record<string, string>, args: string[] = []) {
  const { output, child } = await launch({ script, args, environment });
  const code = await new Promise((resolve) =>
    child.exitCode === null ? child.once("exit", resolve) : resolve(child.exitCode),
  );
  return { code, output: output() };
}

const liveKeys = {
  OPENAI_API_KEY: "good-openai",
  OPENAI_BASE_URL: `${deployment.providers}/openai/v1`,
  HOST: "127.0.0.1",
};

test.each([
  ["sandbox", "live"],
  ["live", "sandbox"],
] as const)(
  "play money can never become real: a database made in %s mode refuses %s",
  async (firstMode, otherMode) => {
    const dir = await mkdtemp(path.join(tmpdir(), "onekey-modes-"));
    const port = String(await freePort());
    const environments = {
      sandbox: {
        ONEKEY_MODE: "sandbox",
        ONEKEY_DATA_DIR: dir,
        PORT: port,
        ONEKEY_SANDBOX_PROVIDERS: deployment.providers,
      },
      live: {
        ONEKEY_MODE: "live",
        CONTACT_EMAIL: "help@example.com",
        ONEKEY_DATA_DIR: dir,
        PORT: port,
        ...liveKeys,
      },
    };
    const environment = environments[firstMode];
    const database = await launch({
      script: "dist/database.js",
      environment,
      ready: /"ready":true/,
    });
    const server = await launch({
      script: "dist/server.js",
      hasPages: false,
      environment,
      ready: /"server\.ready"/,
    });
    await server.stop();
    await database.stop();
    // As an operator might, who thinks that this is how to go live.
    await rename(path.join(dir, firstMode), path.join(dir, otherMode));
    for (const [script, ...args] of [
      ["dist/server.js"],
      ["dist/cli.js", "audit"],
      ["scripts/start.mjs"],
    ]) {
      const { code, output } = await refused(script ?? "", environments[otherMode], args);
      expect({ script, code, output }).toEqual({
        script,
        code: 1,
        output: expect.stringContaining(`made in the other mode than ${otherMode}`),
      });
    }
    await rm(dir, { recursive: true });
  },
);

test.each(["dist/server.js", "dist/cli.js audit", "scripts/start.mjs"])(
  "live without its settings lists them all and ends: %s",
  async (command) => {
    const [script = "", ...args] = command.split(" ");
    const dir = await mkdtemp(path.join(tmpdir(), "onekey-unset-"));
    const { code, output } = await refused(
      script,
      {
        ONEKEY_MODE: "live",
        ONEKEY_DATA_DIR: dir,

        MONGODB_URI: "mongodb://127.0.0.1:1/x",
        GOOGLE_CLIENT_ID: "half",
        XAI_BASE_URL: "http://elsewhere.example/v1",
      },
      args,
    );
    expect(code).toBe(1);
    for (const name of [
      "XAI_BASE_URL",
      "KEY_PEPPER",
      "NEXTAUTH_SECRET",
      "OPENAI_API_KEY",
      "GOOGLE_CLIENT_SECRET",
      "NEXTAUTH_URL",
      "CONTACT_EMAIL",
    ])
      expect(output).toContain(name);
    expect(output).not.toContain("elsewhere.example");
    await rm(dir, { recursive: true });
  },
);

test("a shell full of credentials changes nothing in the sandbox and reaches no host", async () => {
  let hits = 0;
  const trap = createServer((_, res) => {
    hits++;
    res.end("{}");
  });
  await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
  const address = trap.address();
  const elsewhere = `http://127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
  const dir = await mkdtemp(path.join(tmpdir(), "onekey-shell-"));
  const port = await freePort();
  const secret = "real-looking-".padEnd(48, "x");
  const shell = {
    MONGODB_URI: `mongodb://${new URL(elsewhere).host}/`,
    KEY_PEPPER: secret,
    NEXTAUTH_SECRET: secret,
    CRON_SECRET: secret,

    OPENAI_API_KEY: secret,
    OPENAI_BASE_URL: `${elsewhere}/v1`,
    XAI_API_KEY: secret,
    XAI_BASE_URL: `${elsewhere}/v1`,

    ANTHROPIC_API_KEY: secret,
    ANTHROPIC_BASE_URL: elsewhere,
    GEMINI_API_KEY: secret,
    GOOGLE_GEMINI_BASE_URL: elsewhere,

    GOOGLE_CLIENT_ID: secret,
    GOOGLE_CLIENT_SECRET: secret,
    GITHUB_CLIENT_ID: secret,
    GITHUB_CLIENT_SECRET: secret,

    RESEND_API_KEY: secret,
    EMAIL_FROM: "a@example.com",
    STRIPE_SECRET_KEY: secret,
    STRIPE_WEBHOOK_SECRET: secret,

    TREASURY_ADDRESS: `0x${"1".repeat(40)}`,
    BASE_RPC_URL: elsewhere,
    ETHEREUM_RPC_URL: elsewhere,
    ETHERSCAN_API_KEY: secret,
    GTM_ID: "GTM-REAL",
    COOKIEBOT_ID: secret,
  };
  const server = await launch({
    script: "scripts/start.mjs",
    environment: { ...shell, PORT: String(port), ONEKEY_DATA_DIR: dir },
    ready: /curl -N [^]*Ctrl-C/,
  });
  const origin = `http://127.0.0.1:${port}`;
  const key = /sk-onekey-[0-9A-Za-z]{49}/.exec(server.output())?.[0] ?? "";
  for (const model of ["gpt-6-luna", "claude-sonnet-4-6", "gemini-3.5-flash-lite", "grok-4.3"])
    expect((await chat(origin, key, { model, messages: [messageWith({})] })).status).toBe(200);
  const home = await (await fetch(origin)).text();
  expect(home).not.toContain("GTM-REAL");
  expect(
    (await fetch(`${origin}/api/cron/sweep`, { headers: { authorization: `Bearer ${secret}` } }))
      .status,
  ).toBe(404);
  expect(hits).toBe(0);
  expect(server.output()).not.toContain(secret);
  for (const name of Object.keys(shell)) expect(server.output()).toContain(name);
  await server.stop();
  trap.close();
  await rm(dir, { recursive: true, force: true });
});

test("the sweep as a request needs the secret, and sweeps what a dead process left", async () => {
  const secret = "s".repeat(40);
  const live = await startLive({ credentials: "good-cron", more: { CRON_SECRET: secret } });
  try {
    const cut = live.chat("gpt-6-luna", [messageWith({ delayMs: 60_000 })]).catch(() => null);
    const show = () => live.onekey("account", "show", "--email", "a@example.com");
    await expect.poll(async () => (await show()).holds).toHaveLength(1);
    await live.server.stop("SIGKILL");
    await cut;
    const { origin } = await launchServer({
      adapter: "the Next route handler",
      environment: live.environment,
    });
    const sweep = (authorization: string, method = "GET") =>
      fetch(`${origin}/api/cron/sweep`, { method, headers: { authorization } });
    expect((await sweep("")).status).toBe(401);
    expect((await sweep(`Bearer ${secret}x`)).status).toBe(401);
    expect(await (await sweep(`Bearer ${secret}`)).json()).toMatchObject({ holds: 0, posts: 0 });
    // Until its heartbeat is 30 s old, a process may be alive.
    expect((await show()).holds).toHaveLength(1);
    await ageBy(live.environment.ONEKEY_DATA_DIR ?? "", 31_000);
    expect(await (await sweep(`Bearer ${secret}`, "POST")).json()).toMatchObject({
      holds: 1,
      posts: 0,
    });
    expect(await (await sweep(`Bearer ${secret}`)).json()).toMatchObject({ holds: 0, posts: 0 });
    expect(await show()).toMatchObject({ holds: [], freeRequests: 20 });
  } finally {
    await live.stop();
  }
});

/** Makes every heartbeat and hold of a live deployment so much older. */
async function ageBy(dataDir: string, ms: number): Promise<void> {
  const client = await new MongoClient(embeddedUri(path.join(dataDir, "live"))).connect();
  await ageDeployment(client.db("onekey"), ms);
  await client.close();
}
