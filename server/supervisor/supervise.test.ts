import { spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { PERMANENT_EXIT } from "./exit-codes";
import { untilMessage } from "./launch";
import {
  backOffMs,
  START_ATTEMPTS,
  supervise,
  type ProcessPlan,
  type SupervisedProcesses,
} from "./supervise";

const READY = 'process.send({ ready: true }); process.on("disconnect", () => process.exit());';
const SERVES = `${READY} setInterval(() => {}, 1_000);`;
const ENDS = "process.exit(3);";

let supervision: SupervisedProcesses | null = null;
afterEach(async () => {
  await supervision?.stop(1_000);
  supervision = null;
});

/** Supervises Node processes that run the given scripts, one after the other; the last is repeated. */
function superviseScripts(scripts: string[], overrides: Partial<ProcessPlan> = {}) {
  const pids: number[] = [];
  let failures = 0;
  const run = supervise({
    name: "test",
    launch: () => {
      const script = scripts[Math.min(pids.length, scripts.length - 1)] ?? "";
      const child = spawn(process.execPath, ["-e", script], {
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      pids.push(child.pid ?? 0);
      return child;
    },
    untilReady: (child) => untilMessage(child, "ready"),
    onStartFailed: () => failures++,
    ...overrides,
  });
  supervision = run;
  return { run, pids, failures: () => failures };
}

const isAlive = (pid: number | undefined) => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a process that is killed is started again", async () => {
  const { run, pids } = superviseScripts([SERVES]);
  await run.untilReady();
  process.kill(pids[0] ?? 0, "SIGKILL");
  await expect.poll(() => pids.length).toBe(2);
  await run.untilReady();
  expect(isAlive(pids[1])).toBe(true);
});

test("a process that is never ready is reported once, and a later start counts", async () => {
  const { run, pids, failures } = superviseScripts([
    ...Array.from({ length: START_ATTEMPTS }, () => ENDS),
    SERVES,
  ]);
  await run.untilReady();
  expect(pids).toHaveLength(START_ATTEMPTS + 1);
  expect(failures()).toBe(1);
});

test("a process that was ready once is restarted however often it ends", async () => {
  const exitingScript = `${READY} setTimeout(() => process.exit(1), 50);`;
  const { run, pids, failures } = superviseScripts([exitingScript, ENDS, ENDS, ENDS, ENDS, SERVES]);
  await expect.poll(() => pids.length).toBe(6);
  await run.untilReady();
  expect(failures()).toBe(0);
});

test("a process that ended for a reason that stays is not started again", async () => {
  let permanentExits = 0;
  const { pids, failures } = superviseScripts([`process.exit(${PERMANENT_EXIT})`, SERVES], {
    onPermanentExit: () => permanentExits++,
  });
  await expect.poll(() => permanentExits, { timeout: 10_000 }).toBe(1);
  await supervision?.stop(1_000);
  expect([pids.length, failures()]).toEqual([1, 0]);
});

test("a process that is not ready in time is ended and started again", async () => {
  let calls = 0;
  const { run, pids } = superviseScripts(["setInterval(() => {}, 1_000)", SERVES], {
    untilReady: (child) =>
      calls++ === 0 ? Promise.reject(new Error("late")) : untilMessage(child, "ready"),
  });
  await run.untilReady();
  expect(isAlive(pids[0])).toBe(false);
});

test("a program that does not exist counts as a failed start", async () => {
  const { run, failures } = superviseScripts([], {
    launch: () => spawn("/nonexistent/program", { stdio: ["ignore", "ignore", "ignore", "ipc"] }),
  });
  await expect.poll(failures).toBe(1);
  await run.stop(1_000);
});

test("stop ends a process that is starting, and one that waits for its restart", async () => {
  const starting = superviseScripts(["setInterval(() => {}, 1_000)"]);
  await expect.poll(() => starting.pids.length).toBe(1);
  await starting.run.stop(1_000);
  expect(isAlive(starting.pids[0])).toBe(false);

  const waiting = superviseScripts([ENDS]);
  await expect.poll(() => waiting.pids.length).toBe(3);
  await waiting.run.stop(1_000);
  expect(waiting.pids.filter(isAlive)).toEqual([]);
});

test("stop does not wait for what the process needs", async () => {
  const { run, pids } = superviseScripts([SERVES], { untilStartable: () => new Promise(() => {}) });
  await run.stop(1_000);
  expect(pids).toEqual([]);
});

test("a process that ignores SIGTERM is killed", async () => {
  const { run, pids } = superviseScripts([`process.on("SIGTERM", () => {}); ${SERVES}`]);
  await run.untilReady();
  await run.stop(100);
  expect(isAlive(pids[0])).toBe(false);
});

test("messages reach the process", async () => {
  const { run, pids } = superviseScripts([
    `${SERVES} process.on("message", (message) => message.cut && process.exit());`,
  ]);
  await run.untilReady();
  run.send({ cut: true });
  await expect.poll(() => isAlive(pids[0])).toBe(false);
});

test("the pause before a restart doubles up to four seconds", () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(backOffMs)).toEqual([
    250, 500, 1_000, 2_000, 4_000, 4_000, 4_000,
  ]);
});
