import { parseEnv } from "@/lib/env";
import { startProviders } from "./providers";

/** The sandbox process: the stand-ins, and one line of JSON that says where they are. Never beside live settings. */
async function main(): Promise<void> {
  if ((process.env.ONEKEY_MODE || "sandbox") !== "sandbox") throw new Error("The sandbox starts in sandbox mode only.");
  const { ignored } = parseEnv(process.env);
  if (ignored.length > 0) throw new Error(`The sandbox process is not given live settings: ${ignored.join(", ")}.`);
  const providers = await startProviders({ demo: true });
  process.stdout.write(`${JSON.stringify({ ready: true, providers: `http://127.0.0.1:${providers.port}` })}\n`);
  const stop = () => void providers.close().then(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
