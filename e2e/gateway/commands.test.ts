import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { freePort, ROOT } from "../support/processes";

/** Starts `npm start` as a user does, on its own data directory, and waits for the printed curl. */
async function npmStart(settings: Record<string, string> = {}) {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-start-"));
  const port = await freePort();
  const startedAt = performance.now();
  const npm = spawn("npm", ["start"], {
    cwd: ROOT,
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...settings,
      PORT: String(port),
      ONEKEY_DATA_DIR: dataDir,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += String(chunk);
      if (output.includes("curl -N") && output.includes("Ctrl-C")) resolve();
    };
    npm.stdout.on("data", take);
    npm.stderr.on("data", take);
    npm.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${output}`)));
  });
  const key = /sk-onekey-[0-9A-Za-z]{49}/.exec(output)?.[0] ?? "";
  return {
    npm,
    port,
    dataDir,
    key,
    output: () => output,
    readyMs: () => performance.now() - startedAt,
  };
}

/** The processes that run with a data directory in their environment. */
async function processesOf(dataDir: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const environments = await Promise.all(
    pids.map(async (pid) =>
      (await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")).includes(dataDir)
        ? [pid]
        : [],
    ),
  );
  return environments.flat();
}

async function expectAllGone(dataDir: string): Promise<void> {
  for (let i = 0; i < 400 && (await processesOf(dataDir)).length > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const processes = await processesOf(dataDir);
  for (const pid of processes) process.kill(pid, "SIGKILL");
  expect(processes).toEqual([]);
  await rm(dataDir, { recursive: true, force: true });
}

const hasEnded = (child: ChildProcess) =>
  new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(null)));

describe("npm start", () => {
  const shell = {
    OPENAI_API_KEY: "sk-proj-real-looking",
    MONGODB_URI: "mongodb://elsewhere/",
    STRIPE_SECRET_KEY: "sk_live_real-looking",
  };
  let started: Awaited<ReturnType<typeof npmStart>>;
  beforeAll(async () => {
    started = await npmStart(shell);
  });

  test("prints a curl that works, and ignores the shell's credentials", async () => {
    const { port, key, output, readyMs } = started;
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: "gpt-6-luna",
        stream: true,
        messages: [{ role: "user", content: "Hello" }],
      }),
    });
    expect(await response.text()).toContain("data: [DONE]");
    console.log(
      `from npm start to the end of the first streamed answer: ${Math.round(readyMs())} ms`,
    );
    for (const [name, value] of Object.entries(shell)) {
      expect(output()).toContain(name);
      expect(output()).not.toContain(value);
    }
  });

  test("a server opens no file of the embedded database, and has one extra thread for V8", async () => {
    const { dataDir } = started;
    const all = await commandsOf(dataDir);
    const opensData = async ({ pid }: { pid: number }) => {
      const descriptors = await readdir(`/proc/${pid}/fd`);
      const targets = await Promise.all(
        descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")),
      );
      return targets.some((target) => target.startsWith(dataDir));
    };
    const servers = all.filter(({ line }) => line.includes("dist/server.js"));
    expect(servers.length).toBeGreaterThan(0);
    for (const server of servers) {
      expect(server.line).toContain("--v8-pool-size=1");
      expect(await opensData(server)).toBe(false);
    }
    const databases = all.filter(({ line }) => line.includes("dist/database.js"));
    expect(await Promise.all(databases.map(opensData))).toEqual([true]);
  });

  test("ends every process with SIGTERM", async () => {
    started.npm.kill("SIGTERM");
    await hasEnded(started.npm);
    await expectAllGone(started.dataDir);
  });
});

test("a start process that is killed takes its children with it", async () => {
  const { npm, dataDir } = await npmStart();
  const commands = await commandsOf(dataDir);
  const start = commands.find(
    ({ line }) => line.startsWith("node\0") && line.includes("scripts/start.mjs"),
  );
  expect(start).toBeDefined();
  if (start) process.kill(start.pid, "SIGKILL");
  await hasEnded(npm);
  await expectAllGone(dataDir);
});

async function commandsOf(dataDir: string): Promise<{ pid: number; line: string }[]> {
  const pids = await processesOf(dataDir);
  return Promise.all(
    pids.map(async (pid) => ({
      pid,
      line: await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
    })),
  );
}
