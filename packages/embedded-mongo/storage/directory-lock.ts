import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

type LockOwner = { pid: number; startedAt: string; token: string };

/** Longer than another process needs between reading the same stale lock and writing a new one. */
const SETTLE_MS = 60;

const alreadyOwned = () =>
  Object.assign(new Error("Another process serves this data directory."), {
    code: "ALREADY_OWNED",
  });

/** Takes the data directory for this process and returns the release. Throws with `code` "ALREADY_OWNED" while a live process has it. */
export async function takeLock(dir: string, socketPath: string): Promise<() => void> {
  const file = path.join(dir, "owner.pid");
  const owner: LockOwner = {
    pid: process.pid,
    startedAt: startOf(process.pid),
    token: randomUUID(),
  };
  // The lock file may be of another machine or container. A process that accepts connections is alive.
  if (await acceptsConnections(socketPath)) throw alreadyOwned();
  if (!write(file, owner)) {
    const current = read(file);
    if (current && isAlive(current)) throw alreadyOwned();
    removeStale(file, current);
    if (!write(file, owner)) throw alreadyOwned();
    await delay(SETTLE_MS);
    if (read(file)?.token !== owner.token) throw alreadyOwned();
  }
  return () => {
    if (read(file)?.token === owner.token) rmSync(file, { force: true });
  };
}

function write(file: string, owner: LockOwner): boolean {
  try {
    writeFileSync(file, JSON.stringify(owner), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): LockOwner | null {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    // Earlier versions wrote only the process id.
    if (typeof content === "number") return { pid: content, startedAt: "", token: "" };
    return content as LockOwner;
  } catch {
    return null;
  }
}

/** Removes a dead owner's lock. Puts it back when it is another process's new one. */
function removeStale(file: string, stale: LockOwner | null): void {
  const renamedFile = `${file}.${randomUUID()}`;
  try {
    renameSync(file, renamedFile);
  } catch {
    return;
  }
  const otherOwner = read(renamedFile);
  if (otherOwner && otherOwner.token !== (stale?.token ?? "") && isAlive(otherOwner)) {
    renameSync(renamedFile, file);
    throw alreadyOwned();
  }
  rmSync(renamedFile, { force: true });
}

/** Process ids are reused: only with the same start time is it the same process. */
function isAlive({ pid, startedAt }: LockOwner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return startedAt === "" ? pid !== process.pid : startOf(pid) === startedAt;
}

/** The start time of a process and its boot, on Linux; empty elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // The name in parentheses may hold spaces; the start is the 20th field after it.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}

function acceptsConnections(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
