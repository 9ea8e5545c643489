import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { operatorOf } from "./cli";
import { freePort, ROOT } from "./processes";

export type StartedOnekey = Awaited<ReturnType<typeof startOnekey>>;
export type ProcessName = "start" | "database" | "sandbox" | "server";

/** Runs scripts/start.mjs, as `npm start` does, on a separate data directory. */
export async function startOnekey({
  args = [],
  more: settings = {},
  stdout = "pipe",
  dataDir,
}: {
  args?: string[];
  more?: Record<string, string>;
  /** A file descriptor when the output goes to a file. */
  stdout?: "pipe" | number;
  dataDir?: string;
} = {}) {
  const directory = dataDir ?? (await mkdtemp(path.join(tmpdir(), "onekey-start-")));
  const port = await freePort();
  const environment: Record<string, string> = {
    HOST: "127.0.0.1",
    PORT: String(port),
    ONEKEY_DATA_DIR: directory,
    ...settings,
  };
  const child = spawn(process.execPath, ["scripts/start.mjs", ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", ...environment },
    stdio: ["ignore", stdout, stdout],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += String(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => (output += String(chunk)));
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const origin = `http://127.0.0.1:${port}`;
  const operator = operatorOf(environment, { isSteady: true });

  return {
    child,
    origin,
    dataDir: directory,
    exited: exit,
    onekey: operator.onekey,
    /** As `onekey`, in a process that serves the database, where none does any more. */
    onekeyStopped: operatorOf(environment).onekey,
    output: () => output,
    /** Resolves when it has announced itself; throws when it ended before. */
    ready: () =>
      waitFor(
        child,
        () => output.includes("Stop it with Ctrl-C."),
        () => output,
      ),
    /** Ids of its running processes, by what they are. */
    processes: () => processesOf(directory),
    stop: async (): Promise<number | null> => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      return exit;
    },
    /** Ends what a failed test left, and deletes the data. */
    clean: async () => {
      operator.close();
      for (const pids of Object.values(await processesOf(directory)))
        for (const pid of pids) killIfThere(pid);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function waitFor(child: ChildProcess, isDone: () => boolean, output: () => string) {
  while (!isDone()) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`npm start ended with ${child.exitCode}: ${output()}`);
    await sleep(50);
  }
}

const COMMANDS: [ProcessName, RegExp][] = [
  ["start", /scripts\/start\.mjs/],
  ["database", /dist\/database\.js/],
  ["sandbox", /dist\/sandbox\.js/],
  ["server", /dist\/server\.js/],
];

/** Processes with a data directory in their environment. A process that has ended and was not collected yet has none. */
async function processesOf(dataDir: string): Promise<Record<ProcessName, number[]>> {
  const processes: Record<ProcessName, number[]> = {
    start: [],
    database: [],
    sandbox: [],
    server: [],
  };
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string) =>
    readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  for (const pid of pids) {
    if (!(await read(pid, "environ")).includes(dataDir)) continue;
    const command = await read(pid, "cmdline");
    const name = COMMANDS.find(([, pattern]) => pattern.test(command))?.[0];
    if (name) processes[name].push(Number(pid));
  }
  return processes;
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
