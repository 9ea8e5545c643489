import cluster from "node:cluster";
import path from "node:path";
import { firstLine, launchNode, untilMessage, within } from "./launch";
import type { ProcessPlan } from "./supervise";

export type ProcessEnvironment = Record<string, string | undefined>;

const SERVER_READY_WITHIN_MS = 60_000;

/** How each process is started and when it counts as ready. `environment` gets the mocks' addresses once they are known. */
export function createPlans(input: {
  directory: string;
  nodeFlags: string[];
  environment: ProcessEnvironment;
  untilHealthy: () => Promise<void>;
  onStartFailed: (name: string) => void;
  onPermanentExit: (name: string) => void;
}) {
  const { directory, nodeFlags, environment, untilHealthy, onStartFailed } = input;
  const bundle = (name: string) => path.join(directory, "dist", `${name}.js`);
  let serversReady = 0;

  const database = (): ProcessPlan => ({
    name: "database",
    launch: () =>
      launchNode({
        directory,
        environment,
        stdout: "pipe",
        args: [...nodeFlags, bundle("database")],
      }),
    untilReady: async (child) => void (await firstLine(child)),
    onStartFailed: () => onStartFailed("database"),
    onPermanentExit: () => input.onPermanentExit("database"),
  });

  const sandbox = (): ProcessPlan => {
    // The mocks choose free ports at their first start; an address from the shell belongs to another deployment.
    for (const name of Object.keys(environment))
      if (MOCK_ADDRESS.test(name)) environment[name] = "";
    return {
      name: "sandbox",
      launch: () =>
        launchNode({ directory, environment, stdout: "pipe", args: [bundle("sandbox")] }),
      untilReady: async (child) => {
        const { urls } = (await firstLine(child)) as { urls: Record<string, string> };
        // The same at each restart, as the mocks then listen where the environment says.
        for (const [name, url] of Object.entries(urls))
          environment[`ONEKEY_SANDBOX_${name.toUpperCase()}`] = url;
      },
      onStartFailed: () => onStartFailed("sandbox"),
    };
  };

  /** One server listens on the port itself. Several share it: this process accepts connections and hands them out in turn. */
  const servers = (workers: number, untilStartable: () => Promise<void>): ProcessPlan[] =>
    Array.from({ length: workers }, (_, slot) => ({
      name: workers === 1 ? "server" : `server ${slot + 1}`,
      launch: () => (workers === 1 ? launchServer(slot) : forkServer(slot)),
      untilStartable,
      untilReady: async (child) => {
        await within(SERVER_READY_WITHIN_MS, untilMessage(child, "ready"));
        serversReady++;
      },
      onStartFailed: () => {
        // One that others serve in place of is a matter of the log.
        if (serversReady === 0) onStartFailed("server");
      },
    }));

  const launchServer = (slot: number) =>
    launchNode({
      directory,
      environment,
      stdout: "inherit",
      args: [...nodeFlags, bundle("server"), String(slot)],
    });

  const forkServer = (slot: number) => {
    cluster.setupPrimary({
      exec: bundle("server"),
      execArgv: nodeFlags,
      args: [String(slot)],
      cwd: directory,
    });
    const worker = cluster.fork(environment);
    // A connection handed to a worker that was killed in that moment: without a listener the error would end this process.
    worker.on("error", () => {});
    return worker.process;
  };

  const developmentServer = (): ProcessPlan => ({
    name: "server",
    launch: () =>
      launchNode({
        directory,
        environment,
        stdout: "inherit",
        args: [
          path.join(directory, "node_modules/next/dist/bin/next"),
          "dev",
          "-H",
          environment.HOST ?? "",
          "-p",
          environment.PORT ?? "",
        ],
      }),
    untilReady: untilHealthy,
    onStartFailed: () => onStartFailed("server"),
  });

  return { bundle, database, sandbox, servers, developmentServer };
}

const MOCK_ADDRESS = /^ONEKEY_SANDBOX_(PROVIDERS|MAIL|GOOGLE|GITHUB|STRIPE|BASE|ETHEREUM)$/;
