import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

type LockOwner = { pid: number; startedAt: string; token: string };

/** Longer than a rival needs between finding the same stale lock and writing its own. */
const SETTLE_MS = 60;

const owned = () =>
  Object.assign(new Error("Another process serves this data directory."), {
    code: "ALREADY_OWNED",
  });

/** Takes the data directory for this process; throws with `code` "ALREADY_OWNED" while a live one has it. Gives the release. */
export async function takeLock(dir: string, socketPath: string): Promise<() => void> {
  const file = path.join(dir, "owner.pid");
  const own: LockOwner = { pid: process.pid, startedAt: startOf(process.pid), token: randomUUID() };
  // A lock file alone can lie (another machine's or container's process): who answers on the socket is alive.
  if (await answers(socketPath)) throw owned();
  if (!write(file, own)) {
    const found = read(file);
    if (found && isAlive(found)) throw owned();
    setAside(file, found);
    if (!write(file, own)) throw owned();
    await delay(SETTLE_MS);
    if (read(file)?.token !== own.token) throw owned();
  }
  return () => {
    if (read(file)?.token === own.token) rmSync(file, { force: true });
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
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    // Earlier versions wrote the number of the process alone.
    if (typeof found === "number") return { pid: found, startedAt: "", token: "" };
    return found as LockOwner;
  } catch {
    return null;
  }
}

/** Moves a dead owner's lock away; if that was a rival's new one meanwhile, puts it back. */
function setAside(file: string, stale: LockOwner | null): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved && moved.token !== (stale?.token ?? "") && isAlive(moved)) {
    renameSync(aside, file);
    throw owned();
  }
  rmSync(aside, { force: true });
}

/** A process number is used again: only with the same start is it the same process. */
function isAlive({ pid, startedAt }: LockOwner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return startedAt === "" ? pid !== process.pid : startOf(pid) === startedAt;
}

/** When a process started, as Linux tells it (with the boot it was in); empty elsewhere. */
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

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
