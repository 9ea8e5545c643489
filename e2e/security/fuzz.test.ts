import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { randomOf } from "../faults/random";
import { chat, createCustomer, deployment } from "../support/shared-deployment";
import { launchServer } from "../support/processes";
import { statusesOf } from "../support/raw-http";
import { rawCase } from "./raw-cases";

const CASES = Number(
  process.env.ONEKEY_FUZZ_CASES ?? (process.env.ONEKEY_TEST_LONG ? 50_000 : 1_000),
);
const SEED = Number(process.env.ONEKEY_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CLIENTS = 16;
const WARM_UP = 500;
const MEMORY_WITHIN_MS = 120_000;

const server = await launchServer({ environment: deployment.environment });
afterAll(() => server.stop());

async function residentMiB(): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Runs `count` cases from `from` on, a few concurrently; each is made of the seed and its number, so that one can be repeated. */
async function run(key: string, from: number, count: number, statuses: Map<number, number>) {
  let next = from;
  const client = async () => {
    while (next < from + count) {
      const number = next++;
      const { kind, run: runCase } = rawCase({ random: randomOf(SEED + number), key });
      const text = await runCase(server.origin);
      for (const status of statusesOf(text)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(server.child.exitCode, `case ${number} (${kind}) of seed ${SEED}`).toBeNull();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

test(
  `${CASES} odd requests end no process, and memory returns to within 20 % of where it was`,
  async () => {
    console.log(`Repeat these cases with ONEKEY_FUZZ_SEED=${SEED}`);
    const { key } = await createCustomer({ credits: "50" });
    const statuses = new Map<number, number>();
    await run(key, 0, WARM_UP, statuses);
    const before = await residentMiB();
    await run(key, WARM_UP, CASES, statuses);
    const until = Date.now() + MEMORY_WITHIN_MS;
    let after = await residentMiB();
    while (after > before * 1.2 && Date.now() < until) {
      await sleep(2_000);
      after = await residentMiB();
    }
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
    console.log(`${counts.join(", ")}; ${before.toFixed(0)} MiB before, ${after.toFixed(0)} after`);
    expect(after).toBeLessThan(before * 1.2);
    // What a client sends wrongly is no failure of ours.
    expect(statuses.get(502)).toBeUndefined();
    expect(server.child.exitCode).toBeNull();
    for (const path of ["/api/health", "/api/health/ready", "/docs"])
      expect((await fetch(`${server.origin}${path}`)).status).toBe(200);
    const completion = await chat(server.origin, key, {
      model: "gpt-6-luna",
      max_tokens: 5,
      messages: [{ role: "user", content: "hi" }],
    });
    expect(completion.status).toBe(200);
    // Every line is an event, and none of them says that something was uncaught or ended.
    const lines = server.output().split("\n").filter(Boolean);
    expect(lines.filter((line) => !line.startsWith('{"at":'))).toEqual([]);
    expect(
      lines.filter((line) => /process\.uncaught|process\.warning|pages\.ended/.test(line)),
    ).toEqual([]);
  },
  300_000 + CASES * 100,
);
