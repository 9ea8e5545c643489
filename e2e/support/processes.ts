import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const children = new Set<ChildProcess>();

export type LaunchedProcess = {
  child: ChildProcess;
  output: () => string;
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

/** Starts one of the product's processes with nothing but the given environment, and waits for a line of its output. */
export async function launch(input: {
  script: string;
  args?: string[];
  environment: Record<string, string>;
  ready?: RegExp;
  /** A server without pages starts for a quarter of the time of a processor. */
  hasPages?: boolean;
}): Promise<LaunchedProcess> {
  const { script, args = [], environment, ready, hasPages = true } = input;
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: hasPages ? ROOT : directoryWithoutPages(),
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let output = "";
  const exit = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output = (output + String(chunk)).slice(-4_000_000);
      if (ready?.test(output)) resolve();
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    void exit.then((code) =>
      reject(new Error(`${script} ended with ${code}: ${output.slice(-2_000)}`)),
    );
    if (!ready) resolve();
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    children.delete(child);
    return exit;
  };
  return { child, output: () => output, stop };
}

/**
 * A working directory in which the pages are being built, as they are after a first `npm start`: a server that is started there
 * serves the API and does not start them.
 */
function directoryWithoutPages(): string {
  const directory = path.join(ROOT, "node_modules/.cache/onekey/without-pages");
  mkdirSync(path.join(directory, "dist"), { recursive: true });
  writeFileSync(path.join(directory, "dist/.pages-building"), "");
  for (const name of ["package.json", "node_modules"]) {
    const link = path.join(directory, name);
    try {
      symlinkSync(path.join(ROOT, name), link);
    } catch (error) {
      // It is there, perhaps by tests that run at the same time.
      if (!existsSync(link)) throw error;
    }
  }
  return directory;
}

/** `server/index.ts`, or Next's own server with nothing of it in front. */
export type AdapterName = "the Node server" | "the Next route handler";

/** A separate server on a free port. */
export async function launchServer({
  adapter = "the Node server",
  environment,
  hasPages = true,
}: {
  adapter?: AdapterName;
  environment: Record<string, string>;
  /** Of the Node server; the other has them always. */
  hasPages?: boolean;
}): Promise<LaunchedProcess & { origin: string }> {
  const port = String(await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const next = {
    script: "node_modules/next/dist/bin/next",
    args: ["start", "-H", "127.0.0.1", "-p", port],
  };
  const node = { script: "dist/server.js", hasPages, ready: /"server\.ready"/ };
  const server = await launch({
    ...(adapter === "the Next route handler" ? next : node),
    environment: { ...environment, PORT: port },
  });
  await waitForHealth(origin, server);
  return { ...server, origin };
}

export async function stopAll(): Promise<void> {
  await Promise.all(
    [...children].map(
      (child) =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) return resolve();
          const hard = setTimeout(() => child.kill("SIGKILL"), 8_000);
          child.once("exit", () => {
            clearTimeout(hard);
            resolve();
          });
          child.kill("SIGTERM");
        }),
    ),
  );
}

/**
 * Where a deployment keeps its data: a separate database process, or, with ONEKEY_SANDBOX_MONGODB_URI, a new database on
 * that server. Returns the settings of the deployment's processes.
 */
export async function launchDatabase(
  environment: Record<string, string>,
): Promise<Record<string, string>> {
  const uriSetting = process.env.ONEKEY_SANDBOX_MONGODB_URI;
  if (!uriSetting) {
    const seed = process.env.ONEKEY_SANDBOX_INTERLEAVING;
    const order: Record<string, string> = seed ? { ONEKEY_SANDBOX_INTERLEAVING: seed } : {};
    const shapes = process.env.ONEKEY_SANDBOX_RECORD_COMMANDS;
    const recording: Record<string, string> = shapes
      ? { ONEKEY_SANDBOX_RECORD_COMMANDS: shapes }
      : {};
    await launch({
      script: "dist/database.js",
      environment: { ...environment, ...order, ...recording },
      ready: /"ready":true/,
    });
    return order;
  }
  const uri = new URL(uriSetting);
  uri.pathname = `/onekey_${randomBytes(6).toString("hex")}`;
  return { ONEKEY_SANDBOX_MONGODB_URI: uri.href };
}

/** Below the ports of outgoing connections (32768 and more on Linux), one of which could take a port before its server listens. */
const PORTS = { first: 11_000, count: 21_000 };
/** Processes begin at distant ports, so that tests that run together do not choose the same one. */
let portsTried = process.pid * 50;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + (portsTried++ % PORTS.count);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Waits until a server serves. Throws with its output when it has ended. */
export async function waitForHealth(
  origin: string,
  { child, output }: Partial<LaunchedProcess> = {},
): Promise<void> {
  for (const until = Date.now() + 240_000; ; await sleep(100)) {
    const response = await fetch(`${origin}/api/health`).catch(() => null);
    if (response?.ok) return;
    const code = child?.exitCode ?? child?.signalCode ?? null;
    if (code !== null) throw new Error(`The server ended with ${code}: ${output?.() ?? ""}`);
    if (Date.now() > until) throw new Error(`${origin} is not healthy.`);
  }
}
