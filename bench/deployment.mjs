// The processes of a benchmark: the gateways on one core, the provider, the database and the load on another.
import { execFile, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../scripts/build.mjs";
import { CORE_FLAGS } from "../scripts/node-flags.mjs";

const run = promisify(execFile);
const probe = path.join(root, "bench/probe.mjs");
const next = path.join(root, "node_modules/next/dist/bin/next");
const portkey = path.join(
  root,
  "bench/peers/node_modules/@portkey-ai/gateway/build/start-server.js",
);
const READY_WITHIN_MS = 60_000;

export const CORES = availableParallelism();
const hasTaskset = spawnSync("taskset", ["-V"]).status === 0;
export const isPinned = hasTaskset && CORES > 1;
/** Pinned by `taskset` where there is one; elsewhere the system decides, and ratios say less. */
const GATEWAY_CORE = "0";
const OTHER_CORE = "1";

/** Puts this process, the load generator, on the other core. */
export function pinSelf() {
  if (isPinned) spawnSync("taskset", ["-a", "-p", "-c", OTHER_CORE, String(process.pid)]);
}

/** Starts what a benchmark needs and returns it with `close`. What `names` leaves out is not started. */
export async function startDeployment({
  names,
  instances = 1,
  accounts = 8,
  isPinnedToCores = true,
}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), "onekey-bench-"));
  const running = [];
  const launch = async (core, args, env = {}) => {
    const process = await start({ core: isPinnedToCores ? core : null, args, env });
    running.push(process);
    return process;
  };
  const close = async () => {
    for (const process of running.toReversed()) await process.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const [providerPort, portkeyPort, nextPort, ...otherPorts] = await freePorts(6 + instances);
    const [proxyPort, usualPort, writePort, ...fastPorts] = otherPorts;
    const origin = `http://127.0.0.1:${providerPort}`;
    const provider = await launch(OTHER_CORE, [
      path.join(root, "bench/provider.mjs"),
      String(providerPort),
    ]);
    const targets = {
      provider: target({ name: "provider", port: providerPort, process: provider }),
    };
    for (const [name, port, script] of [
      ["proxy", proxyPort, "bench/bare-proxy.mjs"],
      ["usual", usualPort, "bench/usual-proxy.mjs"],
    ]) {
      if (!names.includes(name)) continue;
      const proxy = await launch(GATEWAY_CORE, [path.join(root, script), String(port), origin]);
      targets[name] = target({ name, port, process: proxy });
    }
    if (names.includes("portkey")) {
      if (!existsSync(portkey))
        throw new Error("Portkey's gateway is not installed: run npm ci in bench/peers first.");
      const gateway = await launch(GATEWAY_CORE, [portkey, `--port=${portkeyPort}`, "--headless"], {
        TRUSTED_CUSTOM_HOSTS: "127.0.0.1",
      });
      targets.portkey = target({
        name: "portkey",
        port: portkeyPort,
        process: gateway,
        exact: false,
        headers: { "x-portkey-provider": "openai", "x-portkey-custom-host": `${origin}/v1` },
      });
    }
    const environment = {
      ONEKEY_MODE: "sandbox",
      ONEKEY_DATA_DIR: dataDir,
      ONEKEY_SANDBOX_PROVIDERS: origin,
      // A load of thousands of requests per second comes from a few accounts.
      ACCOUNT_REQUESTS_PER_MINUTE: "1000000",
    };
    let [database, uri] = [null, null];
    if (names.some((name) => ["fast", "next", "database", "write"].includes(name))) {
      database = await launch(
        OTHER_CORE,
        [...CORE_FLAGS, path.join(root, "dist/database.js")],
        environment,
      );
      await database.printed(/"ready":true/);
      const { socket } = JSON.parse(database.output().split("\n")[0]);
      uri = `mongodb://${encodeURIComponent(socket)}/?directConnection=true`;
    }
    const onekey = async (...words) => {
      const env = { ...baseEnvironment, ...environment };
      const { stdout } = await run(
        process.execPath,
        [path.join(root, "dist/cli.js"), ...words, "--json"],
        { env },
      );
      return JSON.parse(stdout);
    };
    const keys = [];
    if (names.includes("fast") || names.includes("next")) {
      for (let i = 0; i < accounts; i++) {
        const words = ["--email", `bench-${i}@example.com`, "--credits", "1000000"];
        keys.push((await onekey("account", "create", ...words)).key);
      }
    }
    if (names.includes("write")) {
      const args = [path.join(root, "bench/write-proxy.mjs"), String(writePort), origin, uri];
      const write = await launch(GATEWAY_CORE, args);
      targets.write = target({ name: "write", port: writePort, process: write });
    }
    if (names.includes("next")) {
      const args = [next, "start", "-H", "127.0.0.1", "-p", String(nextPort)];
      const server = await launch(GATEWAY_CORE, args, { ...environment, PORT: String(nextPort) });
      targets.next = target({ name: "next", port: nextPort, process: server, keys, onekey: true });
    }
    if (names.includes("fast")) {
      const servers = [];
      for (const port of fastPorts)
        servers.push(
          await launch(GATEWAY_CORE, [...CORE_FLAGS, path.join(root, "dist/server.js")], {
            ...environment,
            PORT: `${port}`,
          }),
        );
      targets.fast = target({
        name: "fast",
        ports: fastPorts,
        processes: servers,
        keys,
        onekey: true,
      });
    }
    await Promise.all(Object.values(targets).map(untilOpen));
    const runOnGatewayCore = async (args) => {
      const [file, ...prefixArgs] = commandOn(isPinnedToCores ? GATEWAY_CORE : null, [
        process.execPath,
        ...args,
      ]);
      return (await run(file, prefixArgs, { env: baseEnvironment })).stdout;
    };
    return { targets, database, databaseUri: uri, onekey, runOnGatewayCore, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function target({
  name,
  keys = ["sk-none"],
  headers = {},
  exact = true,
  onekey = false,
  ...where
}) {
  const ports = where.ports ?? [where.port];
  const processes = where.processes ?? [where.process];
  const extra = Object.entries(headers).map(([field, value]) => `${field}: ${value}\r\n`);
  const request = (body, i) =>
    Buffer.from(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${keys[i % keys.length]}\r\n` +
        `content-type: application/json\r\n${extra.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  /** CPU of all of its processes, in microseconds. */
  const cpu = async () =>
    (await Promise.all(processes.map((process) => process.ask("cpu")))).reduce((a, b) => a + b, 0);
  return { name, ports, processes, process: processes[0], keys, cpu, exact, onekey, request };
}

const baseEnvironment = Object.fromEntries(
  ["PATH", "HOME", "TMPDIR", "LANG"].flatMap((name) =>
    process.env[name] ? [[name, process.env[name]]] : [],
  ),
);
baseEnvironment.NODE_ENV = "production";
baseEnvironment.NEXT_TELEMETRY_DISABLED = "1";

const commandOn = (core, command) =>
  isPinned && core !== null ? ["taskset", "-c", core, ...command] : command;

async function start({ core, args, env }) {
  const [file, ...prefixArgs] = commandOn(core, [
    process.execPath,
    "--expose-gc",
    "--import",
    probe,
    ...args,
  ]);
  const child = spawn(file, prefixArgs, {
    cwd: root,
    env: { ...baseEnvironment, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const watchers = new Set();
  const take = (chunk) => {
    output = (output + chunk).slice(-20_000);
    for (const watch of watchers) watch();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const exit = new Promise((resolve) => child.once("exit", resolve));
  const waiting = new Map();
  let lastId = 0;
  child.on("message", ({ id, answer }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return {
    child,
    output: () => output,
    /** Asks the probe in the process: see bench/probe.mjs. */
    ask: (question, details = {}) =>
      new Promise((resolve) => {
        waiting.set(++lastId, resolve);
        child.send({ ...details, probe: question, id: lastId });
      }),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => pattern.test(output) && (watchers.delete(watch), resolve());
        watchers.add(watch);
        watch();
        void exit.then(() => reject(new Error(`${args.join(" ")} ended: ${output.slice(-2_000)}`)));
      }),
    stop: async () => {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await exit;
      clearTimeout(hard);
    },
  };
}

async function untilOpen({ name, ports, processes, onekey }) {
  await Promise.all(
    ports.map((port, i) => untilPortOpen({ name, port, process: processes[i], onekey })),
  );
}

async function untilPortOpen({ name, port, process, onekey }) {
  const until = Date.now() + READY_WITHIN_MS;
  const isReady = () =>
    onekey
      ? fetch(`http://127.0.0.1:${port}/api/health`).then(
          ({ ok }) => ok,
          () => false,
        )
      : isListening(port);
  while (!(await isReady())) {
    if (Date.now() > until)
      throw new Error(`${name} did not start: ${process.output().slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.once("error", () => resolve(false)).once("connect", () => socket.destroy());
  });
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
