import { spawn, type ChildProcess } from "node:child_process";

export type LaunchInput = {
  args: string[];
  environment: Record<string, string | undefined>;
  directory: string;
  /** `firstLine` needs a pipe; otherwise the process writes where this one does. */
  stdout: "inherit" | "pipe";
};

/**
 * Starts a Node process in its own process group, so that a terminal's Ctrl-C does not reach the database before the servers
 * have settled. The IPC channel closes when this process ends, however it ends, and the child ends on that.
 */
export function launchNode({ args, environment, directory, stdout }: LaunchInput): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: directory,
    env: environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", stdout, "inherit", "ipc"],
  });
}

/** The first line that a process prints, as JSON. What it prints later is discarded. Never resolves for one that ends before. */
export function firstLine(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let text = "";
    let isDone = false;
    child.stdout?.on("data", (chunk: Buffer) => {
      if (isDone) return;
      text += String(chunk);
      const end = text.indexOf("\n");
      if (end < 0) return;
      isDone = true;
      try {
        resolve(JSON.parse(text.slice(0, end)));
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}

/** Resolves with the first message of a process whose `name` field is true, such as `{ ready: true }`. */
export function untilMessage(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve) => {
    child.on("message", (message: unknown) => {
      if (typeof message === "object" && message !== null && name in message) resolve();
    });
  });
}

/** Rejects after `milliseconds` unless `work` has settled before. */
export function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Nothing happened within ${milliseconds / 1_000} s.`));
    const timer = setTimeout(late, milliseconds);
    timer.unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
