// The processes of one OneKey: started in a group of their own, stopped in order, gone when their parent is.
import { execFile, spawn } from "node:child_process";

/** Milliseconds that a process gets to end by itself after SIGTERM, beyond its own grace. */
const MARGIN_MS = 30_000;

/**
 * A group of its own keeps a terminal's Ctrl-C from reaching the database before the servers have settled. The IPC
 * channel closes when this process dies, however it dies, and the child ends on that.
 */
export function start({ name, args, env, cwd, json = false }) {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", json ? "pipe" : "inherit", "inherit", "ipc"],
  });
  const it = {
    name,
    child,
    exited: new Promise((resolve) =>
      child.once("exit", (code, signal) => resolve({ code, signal })),
    ),
  };
  child.once("error", () => {});
  return it;
}

/** The first line that a child prints, as JSON; null when it ends without one. */
export function firstLine({ child, exited }) {
  const line = new Promise((resolve) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)));
    });
  });
  return Promise.race([line, exited.then(() => null)]);
}

/** SIGTERM, and SIGKILL when that has not ended it in time. */
export async function stop({ child, exited }, graceMs) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs + MARGIN_MS);
  await exited;
  clearTimeout(timer);
}

/** Runs a Node script to its end: its exit code and what it printed. */
export function run(args, options) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({
        code: error ? (typeof error.code === "number" ? error.code : 1) : 0,
        stdout,
        stderr,
      });
    });
  });
}
