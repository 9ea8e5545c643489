import { closeSync, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, expect, test } from "vitest";
import { messageWith, chat, embeddedSettings } from "../support/shared-deployment";
import { ageDeployment } from "../support/age-deployment";
import { startOnekey, type ProcessName, type StartedOnekey } from "../support/npm-start";
import { freePort, launch, launchServer, stopAll } from "../support/processes";

const isLongRun = Boolean(process.env.ONEKEY_TEST_LONG);
const ROUNDS = isLongRun ? 10 : 1;
const CLIENTS = 6;
const isLinux = process.platform === "linux";

const started: StartedOnekey[] = [];
async function start(...input: Parameters<typeof startOnekey>): Promise<StartedOnekey> {
  const onekey = await startOnekey(...input);
  started.push(onekey);
  return onekey;
}
afterEach(async () => {
  for (const onekey of started.splice(0)) await onekey.clean();
});
afterAll(stopAll);

type Customer = { email: string; key: string };
async function customerOf(onekey: StartedOnekey): Promise<Customer> {
  const email = `${Math.random().toString(36).slice(2)}@example.com`;
  const account = await onekey.onekey("account", "create", "--email", email, "--credits", "50");
  return { email, key: String(account.key) };
}

const body = { model: "gpt-6-luna", max_tokens: 40 };

/** Clients that send streamed and plain requests until `stop`, and count how they end. */
function startLoad(onekey: StartedOnekey, customers: Customer[]) {
  const endings: Record<string, number> = {};
  const unexpected: string[] = [];
  let isRunning = true;
  const clients = Array.from({ length: CLIENTS }, async (_, i) => {
    const key = customers[i % customers.length]?.key ?? "";
    for (let n = 0; isRunning; n++) {
      const messages = [messageWith(n % 2 === 0 ? { chunks: 10, chunkDelayMs: 30 } : {})];
      const ending = await chat(onekey.origin, key, { ...body, stream: n % 2 === 0, messages })
        .then(async (response) => {
          const text = await response.text();
          if (response.status === 503 && !response.headers.has("retry-after"))
            unexpected.push(`503 without Retry-After: ${text}`);
          if (response.status === 500) unexpected.push(text);
          return String(response.status);
        })
        .catch(() => "interrupted");
      endings[ending] = (endings[ending] ?? 0) + 1;
      if (ending !== "200") await sleep(20);
    }
  });
  const stop = async () => {
    isRunning = false;
    await Promise.all(clients);
    return { endings, unexpected };
  };
  return { stop };
}

/** Milliseconds until `count` requests in a row succeed, sent so that each worker gets some. */
async function untilServed({ origin }: StartedOnekey, key: string): Promise<number> {
  const startedAt = performance.now();
  for (let inRow = 0; inRow < 6;) {
    const response = await chat(origin, key, { ...body, messages: [messageWith({})] }).catch(
      () => null,
    );
    await response?.text().catch(() => "");
    inRow = response?.status === 200 ? inRow + 1 : 0;
    if (inRow === 0) await sleep(20);
  }
  return performance.now() - startedAt;
}

async function openHolds(onekey: StartedOnekey, customers: Customer[]): Promise<unknown[]> {
  const accounts = await Promise.all(
    customers.map(({ email }) => onekey.onekey("account", "show", "--email", email)),
  );
  return accounts.flatMap(({ holds }) => holds as unknown[]);
}

test.skipIf(!isLinux)(
  `kill -9 of each process in turn under load, ${ROUNDS} rounds: only that process is restarted, and the books balance`,
  async () => {
    const onekey = await start({ args: ["--workers", "2"] });
    await onekey.ready();
    const customers = await Promise.all([customerOf(onekey), customerOf(onekey)]);
    const probe = await customerOf(onekey);
    const load = startLoad(onekey, customers);
    const recoveries: Record<string, number[]> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, index] of [
        ["database", 0],
        ["sandbox", 0],
        ["server", 0],
        ["server", 1],
      ] as const) {
        await sleep(1_000);
        const before = await onekey.processes();
        const victim = before[name][index] ?? 0;
        process.kill(victim, "SIGKILL");
        const restarted = async () => {
          const pids = (await onekey.processes())[name];
          return !pids.includes(victim) && pids.length === before[name].length;
        };
        const servedMs = await untilServed(onekey, probe.key);
        await expect.poll(restarted).toBe(true);
        await untilServed(onekey, probe.key);
        (recoveries[name] ??= []).push(Math.round(servedMs));
        const after = await onekey.processes();
        for (const other of Object.keys(before) as ProcessName[])
          expect(
            after[other].filter((pid) => before[other].includes(pid)),
            `${name}: ${other}`,
          ).toEqual(before[other].filter((pid) => pid !== victim));
        expect((await fetch(`${onekey.origin}/sandbox/mailbox`)).status).toBe(200);
      }
    }
    const { endings, unexpected } = await load.stop();
    console.log(
      `served again after ms: ${JSON.stringify(recoveries)}; requests ended ${JSON.stringify(endings)}`,
    );
    expect(unexpected).toEqual([]);
    expect(endings["200"]).toBeGreaterThan(20);
    // The holds of a killed server are swept when it has been silent for long enough.
    await fallSilent(onekey);
    await expect
      .poll(() => openHolds(onekey, [...customers, probe]), { timeout: 240_000, interval: 1_000 })
      .toEqual([]);
    expect((await onekey.onekey("audit")).problems).toEqual([]);
    expect(await onekey.stop()).toBe(0);
    expect(await onekey.processes()).toEqual({ start: [], database: [], sandbox: [], server: [] });
  },
  // Far from what it takes on a busy machine, the 240 s of the sweep included.
  (ROUNDS * 120 + 600) * 1_000,
);

test.skipIf(!isLinux)(
  "stdout on a full disk ends nothing: lines are dropped and counted, and a killed database is restarted",
  async () => {
    const full = openSync("/dev/full", "w");
    const metricsPort = await freePort();
    const onekey = await start({
      args: ["--workers", "1"],
      stdout: full,
      more: { METRICS_PORT: String(metricsPort) },
    });
    closeSync(full);
    const { key } = await untilCustomer(onekey);
    await untilServed(onekey, key);
    const before = await onekey.processes();
    // A page, so that the page thread writes as well.
    await fetch(`${onekey.origin}/nowhere`).then((response) => response.text());
    process.kill(before.database[0] ?? 0, "SIGKILL");
    await untilServed(onekey, key);
    await expect.poll(async () => (await onekey.processes()).database.length).toBe(1);
    const after = await onekey.processes();
    expect({ ...after, database: [] }).toEqual({ ...before, database: [] });
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const [, dropped] = /^onekey_log_lines_dropped_total (\d+)$/m.exec(metrics) ?? [];
    expect(Number(dropped)).toBeGreaterThan(5);
    expect((await onekey.onekey("audit")).problems).toEqual([]);
    expect(await onekey.stop()).toBe(0);
  },
);

test.skipIf(!isLinux)(
  "a database that is killed while the demo account's key is created ends nothing",
  async () => {
    const onekey = await start({ args: ["--workers", "1"] });
    await untilReady(onekey);
    process.kill((await onekey.processes()).database[0] ?? 0, "SIGKILL");
    await onekey.ready();
    expect(onekey.output()).not.toContain("could not be created");
    const [, key = ""] = /(sk-[\w-]+)/.exec(onekey.output()) ?? [];
    await untilServed(onekey, key);
    expect(await onekey.stop()).toBe(0);
  },
);

test.skipIf(!isLinux)("stdout on a closed pipe ends nothing", async () => {
  const onekey = await start({ args: ["--workers", "1"] });
  await onekey.ready();
  const { key } = await customerOf(onekey);
  onekey.child.stdout?.destroy();
  onekey.child.stderr?.destroy();
  const before = await onekey.processes();
  await untilServed(onekey, key);
  process.kill(before.server[0] ?? 0, "SIGKILL");
  await expect
    .poll(
      async () =>
        (await onekey.processes()).server.filter((pid) => pid !== before.server[0]).length,
    )
    .toBe(1);
  await untilServed(onekey, key);
  expect({ ...(await onekey.processes()), server: [] }).toEqual({ ...before, server: [] });
  expect(await onekey.stop()).toBe(0);
});

test("a process that can never start ends the start with a message that says what to do", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-owner-"));
  const environment = embeddedSettings(dataDir);
  await launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  const owner = await launchServer({ environment, hasPages: false });
  const second = await start({ args: ["--workers", "1"], dataDir });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain("Another process serves this data directory.");
  expect(second.output()).toContain(
    "OneKey cannot start: the database process ended 4 times before it was ready. Its own message is above.",
  );
  // The first is not disturbed.
  expect((await fetch(`${owner.origin}/api/health/ready`)).status).toBe(200);
  expect(await owner.stop()).toBe(0);
  await stopAll();
  await rm(dataDir, { recursive: true, force: true });
});

test.skipIf(!isLinux).each<ProcessName>(isLongRun ? ["database", "server"] : ["database"])(
  "SIGTERM while a %s is restarted stops all processes and exits 0",
  async (name) => {
    const onekey = await start({ args: ["--workers", "1"] });
    await onekey.ready();
    const [pid = 0] = (await onekey.processes())[name];
    process.kill(pid, "SIGKILL");
    await sleep(name === "server" ? 400 : 50);
    expect(await onekey.stop(), onekey.output()).toBe(0);
    expect(await onekey.processes()).toEqual({
      start: [],
      database: [],
      sandbox: [],
      server: [],
    });
  },
);

test("a second Ctrl-C cuts open streams and settles them", async () => {
  const onekey = await start({ args: ["--workers", "1"], more: { SHUTDOWN_GRACE_MS: "600000" } });
  await onekey.ready();
  const { email, key } = await customerOf(onekey);
  const messages = [messageWith({ chunks: 1_000, chunkDelayMs: 500 })];
  const response = await chat(onekey.origin, key, { ...body, stream: true, messages });
  const ended = response.text().catch(() => "interrupted");
  onekey.child.kill("SIGINT");
  // npm repeats the terminal's signal: that is not a second one.
  onekey.child.kill("SIGINT");
  await expect.poll(onekey.output).toContain("Ctrl-C again cuts them.");
  // Within half a second a signal counts as the same one.
  await sleep(1_000);
  expect(onekey.child.exitCode).toBeNull();
  onekey.child.kill("SIGINT");
  expect(await onekey.exited).toBe(0);
  expect(await ended).toBe("interrupted");
  expect(await onekey.onekeyStopped("account", "show", "--email", email)).toMatchObject({
    holds: [],
    usage: { rows: 1 },
  });
  expect((await onekey.onekeyStopped("audit")).problems).toEqual([]);
});

/** As if the last sign of every server were a minute ago: those that live show themselves again within seconds. */
async function fallSilent({ dataDir }: StartedOnekey): Promise<void> {
  const client = await new MongoClient(embeddedUri(path.join(dataDir, "sandbox"))).connect();
  await ageDeployment(client.db("onekey"), 60_000);
  await client.close();
}

/** A customer as soon as the database serves: without output nothing announces it. */
async function untilCustomer(onekey: StartedOnekey): Promise<Customer> {
  await untilReady(onekey);
  return customerOf(onekey);
}

/** Waits until it serves, which is before it announces itself. */
async function untilReady(onekey: StartedOnekey): Promise<void> {
  await expect
    .poll(async () => (await fetch(`${onekey.origin}/api/health/ready`).catch(() => null))?.status)
    .toBe(200);
}
