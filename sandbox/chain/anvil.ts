import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export type AnvilProcess = {
  url: string;
  /** Resolves when the chain's process has ended, however it ended. */
  ended: Promise<void>;
  close: () => Promise<void>;
};

/** A block a second, and one immediately for a transaction, so that confirmations count up as a person watches. */
const MINING = ["--block-time", "1", "--mixed-mining", "--slots-in-an-epoch", "1"];

/** Foundry's name for this processor, where it differs from Node's. */
const ARCHITECTURE = process.arch === "x64" ? "amd64" : process.arch;
const PACKAGE = `@foundry-rs/anvil-${process.platform}-${ARCHITECTURE}`;

/** The local chain's program: from the npm package of this platform, or on the PATH; null where there is none. */
export function findAnvil(): string | null {
  const candidates = (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, "anvil"));
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    candidates.unshift(path.join(path.dirname(manifest), "bin", "anvil"));
  } catch {
    // Not installed: a platform that Foundry has no package for, or a production install.
  }
  return candidates.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a chain of this id on a free loopback port. With `mining` empty, only transactions create blocks. */
export async function startAnvil({
  program,
  chainId,
  mining = MINING,
}: {
  program: string;
  chainId: number;
  mining?: string[];
}): Promise<AnvilProcess> {
  // The shell ends the chain when its standard input closes, which it does however this process ends. Its standard output is
  // the chain's only, so that it closes when the chain ends.
  const child = spawn(
    "/bin/sh",
    [
      "-c",
      '"$0" "$@" & chain=$!; echo "pid $chain"; exec >/dev/null; cat; kill $chain',
      program,
      "--host",
      "127.0.0.1",
      "--port",
      "0",
      "--chain-id",
      String(chainId),
      ...mining,
    ],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let pid: number | undefined;
  const outcome = Promise.race([
    exit,
    new Promise<void>((resolve) => child.stdout.once("end", () => resolve())),
  ]).then(() => {
    // The other of the two ends as well, when one was killed.
    child.stdin.end();
    if (pid !== undefined) killIfThere(pid);
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error("The local chain did not start.")), 20_000);
    child.stdout.on("data", (chunk: Buffer) => {
      if (text === "done") return;
      text += String(chunk);
      const [, printedPid] = /pid (\d+)/.exec(text) ?? [];
      if (printedPid !== undefined) pid = Number(printedPid);
      const [, address] = /Listening on ([\d.]+:\d+)/.exec(text) ?? [];
      if (address === undefined) return;
      text = "done";
      clearTimeout(late);
      resolve(`http://${address}`);
    });
    void exit.then(() => reject(new Error("The local chain ended.")));
  });
  return {
    url,
    ended: outcome,
    close: async () => {
      child.stdin.end();
      await exit;
    },
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
