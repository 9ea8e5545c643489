import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startProviders } from "@/sandbox/providers";
import { launchDatabase, launchServer, stopAll } from "./processes";

export type SharedDeployment = {
  dataDir: string;
  providers: string;
  fast: string;
  next: string;
  environment: Record<string, string>;
  pids: { fast: number; next: number };
};

declare module "vitest" {
  interface ProvidedContext {
    deployment: SharedDeployment;
  }
}

/** One deployment for all gateway tests: a database process, the mock providers, and both adapters on the same database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-e2e-"));
  const providers = await startProviders({});
  const sandbox = `http://127.0.0.1:${providers.port}`;
  const environment: Record<string, string> = {
    ONEKEY_MODE: "sandbox",
    ONEKEY_DATA_DIR: dataDir,
    ONEKEY_SANDBOX_PROVIDERS: sandbox,
    HOST: "127.0.0.1",
    // Tests send in a few seconds what one account sends in many minutes; those of the limits themselves start their own server.
    NEW_ACCOUNT_REQUESTS_PER_MINUTE: "1000000",
    NEW_ACCOUNT_REQUESTS_IN_FLIGHT: "500",
    ACCOUNT_REQUESTS_PER_MINUTE: "1000000",
  };
  const stop = async () => {
    await stopAll();
    await providers.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    Object.assign(environment, await launchDatabase(environment));
    const [nodeServer, nextServer] = await Promise.all([
      launchServer({ environment }),
      launchServer({ adapter: "the Next route handler", environment }),
    ]);
    const pids = { fast: nodeServer.child.pid ?? 0, next: nextServer.child.pid ?? 0 };
    const [fast, next] = [nodeServer.origin, nextServer.origin];
    project.provide("deployment", { dataDir, providers: sandbox, fast, next, environment, pids });
    return stop;
  } catch (error) {
    // A failed start leaves nothing running.
    await stop();
    throw error;
  }
}
