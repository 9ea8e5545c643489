import path from "node:path";
import { parseEnv } from "@/lib/env";
import { startChain } from "./chain";
import { startGithub } from "./github";
import { startGoogle } from "./google";
import type { StandIn } from "./http";
import { startMail } from "./mail";
import { startProviders } from "./providers";
import { startStripe } from "./stripe";

/**
 * Every stand-in by what it stands in for; the app is told of each as `ONEKEY_SANDBOX_` and its name. Null for one that
 * this machine cannot run.
 */
const standIns: Record<string, (dataDir: string) => Promise<StandIn | null>> = {
  providers: async () => {
    const { port, close } = await startProviders({ demo: true });
    return { url: `http://127.0.0.1:${port}`, close };
  },
  mail: startMail,
  google: startGoogle,
  github: startGithub,
  stripe: (dataDir) => startStripe({ file: path.join(dataDir, "stand-in-stripe.json") }),
  base: () => startChain("base"),
  ethereum: () => startChain("ethereum"),
};

/** The sandbox process: the stand-ins, and one line of JSON that says where they are. Never beside live settings. */
async function main(): Promise<void> {
  if ((process.env.ONEKEY_MODE || "sandbox") !== "sandbox")
    throw new Error("The sandbox starts in sandbox mode only.");
  const { ignored, dataDir } = parseEnv(process.env);
  if (ignored.length > 0)
    throw new Error(`The sandbox process is not given live settings: ${ignored.join(", ")}.`);
  const running = await Promise.all(
    Object.entries(standIns).map(async ([name, start]) => ({
      name,
      standIn: await start(dataDir),
    })),
  );
  const urls = Object.fromEntries(running.map(({ name, standIn }) => [name, standIn?.url]));
  process.stdout.write(`${JSON.stringify({ ready: true, urls })}\n`);
  const stop = () =>
    void Promise.allSettled(running.map(({ standIn }) => standIn?.close())).then(() =>
      process.exit(0),
    );
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
