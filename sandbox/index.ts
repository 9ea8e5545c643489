import path from "node:path";
import { parseEnv } from "@/lib/env";
import { surviveOutputErrors } from "@/lib/log";
import { startChain } from "./chain";
import { startGithub } from "./github";
import { startGoogle } from "./google";
import type { StandIn } from "./http";
import { startMail } from "./mail";
import { startProviders } from "./providers";
import { startStripe } from "./stripe";

type ListenAddress = {
  dataDir: string;
  /** Where a mock listened before a restart, so that the servers still reach it; 0 takes a free port. */
  port: number;
};

/**
 * Every mock by what it replaces; the app gets the address of each as `ONEKEY_SANDBOX_` and its name. Null for one that this
 * machine cannot run. After a restart Stripe's mock has its objects, events and replies, and Google's its signing key. Mails,
 * sign-ins in progress, stored responses of the mock providers and the local chains' blocks and balances are lost.
 */
const mocks = {
  providers: async ({ port: requestedPort }) => {
    const { port, close } = await startProviders({ demo: true, port: requestedPort });
    return { url: `http://127.0.0.1:${port}`, close };
  },
  mail: ({ port }) => startMail(port),
  google: ({ dataDir, port }) =>
    startGoogle({ port, keyFile: path.join(dataDir, "mock-google-key.json") }),
  github: ({ port }) => startGithub(port),
  stripe: ({ dataDir, port }) =>
    startStripe({ port, file: path.join(dataDir, "mock-stripe.json") }),
  base: ({ port }) => startChain("base", port),
  ethereum: ({ port }) => startChain("ethereum", port),
} as const satisfies Record<string, (place: ListenAddress) => Promise<StandIn | null>>;

/** The sandbox process: the mocks, and one line of JSON that says where they are. Refused with live settings. */
async function main(): Promise<void> {
  if ((process.env.ONEKEY_MODE || "sandbox") !== "sandbox")
    throw new Error("The sandbox starts in sandbox mode only.");
  surviveOutputErrors();
  const { ignored: ignoredNames, dataDir, sandboxUrls } = parseEnv(process.env);
  if (ignoredNames.length > 0)
    throw new Error(`The sandbox process is not given live settings: ${ignoredNames.join(", ")}.`);
  const running = await Promise.all(
    (Object.keys(mocks) as (keyof typeof mocks)[]).map(async (name) => {
      const url = sandboxUrls?.[name];
      const port = url === undefined ? 0 : Number(new URL(url).port);
      return { name, mock: await mocks[name]({ dataDir, port }) };
    }),
  );
  const urls = Object.fromEntries(running.map(({ name, mock }) => [name, mock?.url]));
  process.stdout.write(`${JSON.stringify({ ready: true, urls })}\n`);
  const stop = () =>
    void Promise.allSettled(running.map(({ mock }) => mock?.close())).then(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
