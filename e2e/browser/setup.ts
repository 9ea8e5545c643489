import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort, launch, launchDatabase, stopAll, waitForHealth } from "../support/processes";

export type BrowserDeployment = {
  origin: string;
  dataDir: string;
  /** The mocks by name: providers, mail, google, github, stripe, base, ethereum. */
  sandbox: Record<string, string>;
  environment: Record<string, string>;
};

/** One deployment for all browser tests: the built server in sandbox mode, its database and every mock. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-browser-"));
  const stop = async () => {
    await stopAll();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const environment: Record<string, string> = {
      ONEKEY_MODE: "sandbox",
      ONEKEY_DATA_DIR: dataDir,
      HOST: "127.0.0.1",
      PORT: String(port),
      NEXTAUTH_URL: origin,
    };
    Object.assign(environment, await launchDatabase(environment));
    const mocks = await launch({
      script: "dist/sandbox.js",
      environment,
      ready: /"ready":true.*\n/,
    });
    const sandbox = (JSON.parse(mocks.output()) as { urls: Record<string, string> }).urls;
    for (const [name, url] of Object.entries(sandbox))
      environment[`ONEKEY_SANDBOX_${name.toUpperCase()}`] = url;
    await waitForHealth(origin, await launch({ script: "dist/server.js", environment }));
    // Playwright hands the environment on to its workers.
    process.env.ONEKEY_BROWSER_DEPLOYMENT = JSON.stringify({
      origin,
      dataDir,
      sandbox,
      environment,
    } satisfies BrowserDeployment);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
