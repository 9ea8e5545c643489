// `npm start`: builds what is missing, starts the database, the stand-ins (in the sandbox) and the server, says where it is.
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build, BuildError, root } from "./build.mjs";
import { firstLine, run, start, stop } from "./children.mjs";
import { loadEnvFile } from "./env-file.mjs";
import { CORE_FLAGS } from "./node-flags.mjs";

const DEMO_EMAIL = "demo@onekey.local";
const DEMO_PROJECT = "npm start";
const READY_WITHIN_MS = 60_000;
/** Without --workers, one server a core; a machine of very many cores is asked for the rest. */
const WORKERS_UNASKED_MAX = 8;

/** What the reader can put right; its message is all that is printed. */
class Refusal extends Error {}

const startedAt = beginning();
const dist = (name) => path.join(root, "dist", `${name}.js`);
const { values: options } = parseArgs({
  options: {
    dev: { type: "boolean" },
    workers: {
      type: "string",
      default: String(Math.min(availableParallelism(), WORKERS_UNASKED_MAX)),
    },
  },
});
/** Stopped from first to last: the servers settle while the database is still there. */
const running = { servers: [], sandbox: null, database: null };
let stopping = null;
let graceMs = 30_000;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void shutdown(0));

try {
  await main();
} catch (error) {
  if (stopping === null)
    say(
      error instanceof Refusal || error instanceof BuildError
        ? error.message
        : String(error?.stack ?? error),
    );
  await shutdown(1);
}

async function main() {
  const workers = Number(options.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64)
    throw new Refusal("--workers takes a whole number from 1 to 64.");
  loadEnvFile();
  await build({ pages: !options.dev });
  const { loadEnv, Variables } = await import(pathToFileURL(dist("env")).href);
  const settings = readSettings(loadEnv, process.env);
  const port = await choosePort(settings, Boolean(process.env.PORT?.trim()));
  const { nextauthUrl } = readSettings(loadEnv, { ...process.env, PORT: String(port) });
  graceMs = settings.limits.shutdownGraceMs;

  const sandbox = settings.mode === "sandbox";
  // What the sandbox ignores does not reach its processes at all.
  const env = { ...process.env };
  for (const name of Object.keys(Variables.shape))
    if (settings.ignored.includes(name)) delete env[name];
  Object.assign(env, {
    NODE_ENV: options.dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOST: settings.host,
    PORT: String(port),
    NEXTAUTH_URL: nextauthUrl,
  });

  const [, standIns] = await Promise.all([
    settings.mongodbUri === undefined ? startDatabase(env) : null,
    sandbox ? startSandbox(env) : null,
  ]);
  for (const [name, url] of Object.entries(standIns ?? {}))
    env[`ONEKEY_SANDBOX_${name.toUpperCase()}`] = url;
  if (stopping) return;
  const origin = `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`;
  startServers(env, workers);
  const [, key] = await Promise.all([
    untilHealthy(localOrigin(origin)),
    sandbox ? demoKey(env) : null,
  ]);
  if (stopping) return;
  announce({
    settings,
    origin,
    key,
    readyMs: Math.round(Date.now() - startedAt),
    moved: port !== settings.port,
  });
}

function readSettings(loadEnv, source) {
  try {
    return loadEnv(source);
  } catch (error) {
    if (error?.name === "EnvError") throw new Refusal(error.message);
    throw error;
  }
}

/** The port asked for, or else the first free one from 3000 on. */
async function choosePort({ host, port }, given) {
  for (let candidate = port; candidate <= port + (given ? 0 : 10); candidate++) {
    const problem = await tryPort(host, candidate);
    if (problem === null) return candidate;
    if (problem !== "EADDRINUSE")
      throw new Refusal(`OneKey cannot listen on ${host}:${candidate} (${problem}).`);
  }
  if (given)
    throw new Refusal(`Port ${port} is in use: stop what listens there, or set PORT to another.`);
  throw new Refusal(`Ports ${port} to ${port + 10} are in use: set PORT to a free one.`);
}

function tryPort(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => resolve(error.code ?? "unknown"));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

async function startDatabase(env) {
  running.database = watch(
    start({
      name: "The database",
      args: [...CORE_FLAGS, dist("database")],
      env,
      cwd: root,
      json: true,
    }),
  );
  if ((await firstLine(running.database)) === null)
    throw new Refusal("The database did not start.");
}

async function startSandbox(env) {
  running.sandbox = watch(
    start({ name: "The sandbox", args: [dist("sandbox")], env, cwd: root, json: true }),
  );
  const line = await firstLine(running.sandbox);
  if (line === null) throw new Refusal("The sandbox did not start.");
  return line.urls;
}

function startServers(env, workers) {
  const next = [
    path.join(root, "node_modules/next/dist/bin/next"),
    "dev",
    "-H",
    env.HOST,
    "-p",
    env.PORT,
  ];
  if (workers === 1 || options.dev) {
    running.servers.push(
      watch(
        start({
          name: "The server",
          args: options.dev ? next : [...CORE_FLAGS, dist("server")],
          env,
          cwd: root,
        }),
      ),
    );
    return;
  }
  cluster.setupPrimary({ exec: dist("server"), execArgv: CORE_FLAGS, cwd: root });
  for (let i = 0; i < workers; i++) {
    const child = cluster.fork(env).process;
    running.servers.push(
      watch({
        name: "A server",
        child,
        exited: new Promise((resolve) =>
          child.once("exit", (code, signal) => resolve({ code, signal })),
        ),
      }),
    );
  }
}

/** OneKey runs whole or not at all: when one of its processes ends, the others are stopped. */
function watch(it) {
  void it.exited.then(({ code, signal }) => {
    if (stopping) return;
    say(`${it.name} ended (${signal ?? code}); stopping.`);
    void shutdown(1);
  });
  return it;
}

async function untilHealthy(origin) {
  const until = Date.now() + READY_WITHIN_MS;
  while (!stopping) {
    const answer = await fetch(`${origin}/api/health`, {
      signal: AbortSignal.timeout(READY_WITHIN_MS),
    }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    if (Date.now() > until) throw new Refusal("The server did not become ready within a minute.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A fresh key of the demo account's own project, so that keys made otherwise stay as they are. */
async function demoKey(env) {
  const found = await onekey(env, "account", "show", "--email", DEMO_EMAIL);
  if (found === null)
    await onekey(env, "account", "create", "--email", DEMO_EMAIL, "--credits", "10");
  const project = found?.projects.find(({ name }) => name === DEMO_PROJECT);
  const made = project
    ? await onekey(env, "key", "regenerate", "--project", project.id)
    : await onekey(env, "key", "create", "--email", DEMO_EMAIL, "--name", DEMO_PROJECT);
  if (made === null && !stopping) throw new Refusal("No key of the demo account could be made.");
  return made?.key;
}

async function onekey(env, ...words) {
  const { code, stdout } = await run([dist("cli"), ...words, "--json"], { cwd: root, env });
  return code === 0 ? JSON.parse(stdout) : null;
}

function announce({ settings, origin, key, readyMs, moved }) {
  const lines = [
    "",
    `OneKey is ready at ${origin} (${settings.mode} mode), ${readyMs} ms after npm start.`,
  ];
  if (moved)
    lines.push(`Port ${settings.port} is in use, so this one was taken; PORT chooses another.`);
  if (settings.mode === "sandbox") {
    lines.push(
      "",
      "Sandbox: the providers are stand-ins on this machine, the credits are play money, nothing leaves it.",
      ...(settings.ignored.length > 0
        ? [`Set in your environment and not used here: ${settings.ignored.join(", ")}.`]
        : []),
      "",
      `Sign in at ${origin}/sign-in as whoever you like; mail arrives at ${origin}/sandbox/mailbox.`,
      "",
      `Try it, as ${DEMO_EMAIL}:`,
      "",
      `  curl -N ${origin}/v1/chat/completions \\`,
      `    -H "Authorization: Bearer ${key}" \\`,
      `    -H "Content-Type: application/json" \\`,
      `    -d '{"model": "gpt-6-luna", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'`,
    );
  } else {
    if (settings.mongodbUri === undefined)
      lines.push(
        "",
        `The embedded database in ${settings.dataDir} is for one machine; set MONGODB_URI for more.`,
      );
    lines.push(
      "",
      "Make an account and a key:  npm run -s onekey -- account create --email you@example.com --credits 10",
    );
  }
  lines.push("", "Stop it with Ctrl-C.", "");
  say(lines.join("\n"));
}

function shutdown(code) {
  stopping ??= (async () => {
    await Promise.all(running.servers.map((server) => stop(server, graceMs)));
    if (running.sandbox) await stop(running.sandbox, 0);
    if (running.database) await stop(running.database, 0);
    process.exit(code);
  })();
  return stopping;
}

/** When npm itself was started, so that the time told is the time waited; this process's start where that is not known. */
function beginning() {
  const own = performance.timeOrigin;
  try {
    const booted = Date.now() - Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
    let [pid, oldest] = [process.ppid, own];
    for (let depth = 0; depth < 3 && pid > 1; depth++) {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (stat.slice(stat.indexOf("(") + 1).startsWith("npm "))
        oldest = booted + Number(fields[19]) * 10;
      pid = Number(fields[1]);
    }
    return Math.min(own, oldest);
  } catch {
    return own;
  }
}

/** Where this machine reaches a server that listens on every address. */
function localOrigin(origin) {
  return origin.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
