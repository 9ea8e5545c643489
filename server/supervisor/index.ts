import { parseArgs } from "node:util";
import { availableParallelism } from "node:os";
import { EnvError, loadEnv, type EnvSettings } from "@/lib/env";
import { surviveOutputErrors } from "@/lib/log";
import { announcement } from "./announcement";
import { choosePort } from "./choose-port";
import { createDemoKey } from "./demo-key";
import { within } from "./launch";
import { createPlans, type ProcessEnvironment } from "./plans";
import { StartError } from "./start-error";
import { supervise, START_ATTEMPTS, type SupervisedProcesses } from "./supervise";

/** Without --workers, one server a core, up to this many. */
const DEFAULT_WORKERS_MAX = 8;
const WORKERS_MAX = 64;
const HEALTHY_WITHIN_MS = 60_000;
/** What a process gets beyond its grace before it is killed: a server settles what was cut in this time. */
const SETTLE_MARGIN_MS = 30_000;
/** npm sends its child the signal that the terminal has sent to both: within this time it is the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;

export type SupervisorInput = {
  /** The directory of package.json. */
  directory: string;
  environment: ProcessEnvironment;
  args: string[];
  /** V8's flags of the servers and the database. */
  nodeFlags: string[];
};

/**
 * Starts the database, the sandbox's mocks and the servers, restarts each that ends, and says where OneKey is. Exits 0 after a
 * signal, 1 when something cannot start.
 */
export async function runSupervisor(input: SupervisorInput): Promise<void> {
  surviveOutputErrors();
  /** Stopped from first to last: the servers settle while the database is there. */
  const running: RunningServer = { servers: [], sandbox: null, database: null, graceMs: 0 };
  let exiting: Promise<void> | null = null;
  const exit = (code: number) => (exiting ??= stopAll(running).then(() => process.exit(code)));
  onSignals(running, () => void exit(0));
  const failure = createFailure();
  try {
    await failure.orUntil(start(input, running, { failure, isExiting: () => exiting !== null }));
    await failure.promise;
  } catch (error) {
    if (exiting === null) say(error instanceof StartError ? error.message : stackOf(error));
    await exit(1);
  }
}

type RunningServer = {
  servers: SupervisedProcesses[];
  sandbox: SupervisedProcesses | null;
  database: SupervisedProcesses | null;
  graceMs: number;
};

async function start(
  input: SupervisorInput,
  running: RunningServer,
  { failure, isExiting }: { failure: StartFailure; isExiting: () => boolean },
) {
  const { isDevelopment, workers } = parseOptions(input.args);
  const settings = readSettings(input.environment);
  const isFixed = Boolean(input.environment.PORT?.trim());
  const port = await choosePort({ host: settings.host, port: settings.port, isFixed });
  running.graceMs = settings.limits.shutdownGraceMs;
  const environment = childEnvironment({ input, settings, port, isDevelopment });
  const origin = `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`;
  const localOrigin = origin.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
  const plans = createPlans({
    directory: input.directory,
    nodeFlags: input.nodeFlags,
    environment,
    untilHealthy: () => untilHealthy(localOrigin, isExiting),
    onStartFailed: failure.failStart,
    onPermanentExit: failure.failForGood,
  });

  if (settings.mongodbUri === undefined) running.database = supervise(plans.database());
  if (settings.mode === "sandbox") running.sandbox = supervise(plans.sandbox());
  const { database, sandbox } = running;
  await failure.orUntil(Promise.all([database?.untilReady(), sandbox?.untilReady()]));
  if (isExiting()) return;

  const untilStartable = async () => database?.untilReady();
  const serverPlans = isDevelopment
    ? [plans.developmentServer()]
    : plans.servers(workers, untilStartable);
  running.servers = serverPlans.map(supervise);
  const firstServer = Promise.race(running.servers.map((server) => server.untilReady()));
  const cli = plans.bundle("cli");
  const [, key] = await failure.orUntil(
    Promise.all([
      firstServer.then(() => within(HEALTHY_WITHIN_MS, untilHealthy(localOrigin, isExiting))),
      settings.mode === "sandbox"
        ? createDemoKey({ cli, ...input, environment, untilStartable })
        : null,
    ]),
  );
  if (isExiting()) return;
  const isOtherPort = port !== settings.port;
  const readyMs = Math.round(performance.now());
  say(announcement({ settings, origin, key, readyMs, isOtherPort }));
}

function parseOptions(args: string[]): { isDevelopment: boolean; workers: number } {
  const defaultWorkers = Math.min(availableParallelism(), DEFAULT_WORKERS_MAX);
  const { values } = parseArgs({
    args,
    options: {
      dev: { type: "boolean", default: false },
      workers: { type: "string", default: String(defaultWorkers) },
    },
  });
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > WORKERS_MAX)
    throw new StartError(`--workers takes an integer from 1 to ${WORKERS_MAX}.`);
  return { isDevelopment: values.dev, workers };
}

function readSettings(environment: ProcessEnvironment): EnvSettings {
  try {
    return loadEnv(environment);
  } catch (error) {
    if (error instanceof EnvError) throw new StartError(error.message);
    throw error;
  }
}

/** The environment of every process that is started. What the sandbox ignores does not reach its processes. */
function childEnvironment({
  input,
  settings,
  port,
  isDevelopment,
}: {
  input: SupervisorInput;
  settings: EnvSettings;
  port: number;
  isDevelopment: boolean;
}): ProcessEnvironment {
  // Empty, which counts as unset: a cluster's worker would inherit what is missing here.
  const ignoredVariables = Object.fromEntries(settings.ignored.map((name) => [name, ""]));
  const { nextauthUrl } = readSettings({ ...input.environment, PORT: String(port) });
  return {
    ...input.environment,
    ...ignoredVariables,
    NODE_ENV: isDevelopment ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOST: settings.host,
    PORT: String(port),
    NEXTAUTH_URL: nextauthUrl,
    EMBEDDED_DATABASE: "join",
  };
}

type StartFailure = ReturnType<typeof createFailure>;

/** The first process that cannot start, or that ended for a reason that a restart keeps, ends all of them. */
function createFailure() {
  let reject: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, settle) => {
    reject = settle;
  });
  // While OneKey stops, nobody waits for it.
  failure.catch(() => {});
  return {
    promise: failure,
    failForGood: (name: string) =>
      reject(
        new StartError(
          `OneKey stops: the ${name} process ended for a reason that a restart does not change. ` +
            "Its own message is above. Fix the cause and run npm start again.",
        ),
      ),
    failStart: (name: string) =>
      reject(
        new StartError(
          `OneKey cannot start: the ${name} process ended ${START_ATTEMPTS} times before it was ready. ` +
            "Its own message is above. Fix the cause and run npm start again.",
        ),
      ),
    orUntil: <T>(work: Promise<T>) => Promise.race([work, failure]),
  };
}

async function untilHealthy(origin: string, isExiting: () => boolean): Promise<void> {
  while (!isExiting()) {
    const response = await fetch(`${origin}/api/health`, {
      signal: AbortSignal.timeout(HEALTHY_WITHIN_MS),
    }).catch(() => null);
    await response?.arrayBuffer().catch(() => {});
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first signal stops in order; the second cuts what is still open; the third kills. */
function onSignals(running: RunningServer, stop: () => void): void {
  let count = 0;
  let lastAt = -Infinity;
  const onSignal = () => {
    const isRepeated = performance.now() - lastAt < SAME_SIGNAL_MS;
    if (isRepeated) return;
    lastAt = performance.now();
    count++;
    if (count === 1) {
      if (running.servers.length > 0)
        say(
          `Stopping. Open requests get up to ${Math.ceil(running.graceMs / 1_000)} s to end; Ctrl-C again cuts them.`,
        );
      stop();
    } else if (count === 2) {
      say("Cutting open requests and settling them. Ctrl-C again kills the servers.");
      for (const server of running.servers) server.send({ cut: true });
    } else for (const server of running.servers) server.kill();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
}

/** A database or mock that ends meanwhile is restarted until it is its turn: the servers still need it. */
async function stopAll({ servers, sandbox, database, graceMs }: RunningServer): Promise<void> {
  await Promise.all(servers.map((server) => server.stop(graceMs + SETTLE_MARGIN_MS)));
  await sandbox?.stop(SETTLE_MARGIN_MS);
  await database?.stop(SETTLE_MARGIN_MS);
}

const stackOf = (error: unknown) => (error instanceof Error ? String(error.stack) : String(error));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
