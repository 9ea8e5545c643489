import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
export type ServerProcess = { child: ChildProcess; output: string };

/** Gives a test file a way to start servers in separate processes, which end with each test. */
export function useServerProcesses() {
  const running = new Set<ChildProcess>();
  let bundle: string;

  // Node 20 runs no TypeScript: the process runs a bundle, in a place where it finds its packages.
  beforeAll(async () => {
    const cache = path.join(folder, "../../node_modules/.cache");
    mkdirSync(cache, { recursive: true });
    bundle = path.join(mkdtempSync(path.join(cache, "onekey-embedded-")), "serve.mjs");
    const contents = `
      import { startEmbedded } from "./embedded-server";
      startEmbedded({ dir: process.argv[2] }).then(
        () => process.stdout.write("ready\\n"),
        (error) => { process.stdout.write(error.code + "\\n"); process.exit(1); },
      );`;
    const stdin = { contents, resolveDir: folder, loader: "ts" as const };
    const external = ["bson", "lmdb"];
    await build({
      stdin,
      bundle: true,
      platform: "node",
      format: "esm",
      external,
      outfile: bundle,
      logLevel: "error",
    });
  });
  afterEach(() => {
    for (const child of running) child.kill("SIGKILL");
  });
  afterAll(() => rmSync(path.dirname(bundle), { recursive: true, force: true }));

  /** Starts a process that serves a directory; returns it with its first line of output. */
  const serve = async (dir: string): Promise<ServerProcess> => {
    const child = spawn(process.execPath, [bundle, dir], { stdio: ["ignore", "pipe", "inherit"] });
    running.add(child);
    child.once("exit", () => running.delete(child));
    const output = await new Promise<string>((resolve) =>
      child.stdout?.once("data", (data: Buffer) => resolve(String(data).trim())),
    );
    return { child, output };
  };
  return { serve, running };
}

export const exitOf = (child: ChildProcess) =>
  new Promise((resolve) => child.once("exit", resolve));
