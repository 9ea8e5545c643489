// `node bench/rows.mjs [100000 …]`: memory, disk and start time of the embedded database with so many usage rows.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { MongoClient } from "mongodb";
import { root } from "../scripts/build.mjs";
import { CORE_FLAGS } from "../scripts/node-flags.mjs";

const BATCH = 2_000;
const counts = process.argv.slice(2).map(Number);
const DAY_MS = 86_400_000;
const now = Date.now();

/** A row as the gateway writes it, of one of fifty accounts, in the last 80 days. */
const row = (i, count) => ({
  _id: `req_${i.toString(36).padStart(24, "0")}`,
  accountId: `usr_${String(i % 50).padStart(20, "0")}`,
  projectId: `prj_${String(i % 100).padStart(20, "0")}`,
  at: new Date(now - 80 * DAY_MS + Math.floor((i / count) * 80 * DAY_MS)),

  model: "gpt-6-luna",
  provider: "openai",
  channel: "openai-1",
  endpoint: "chat.completions",
  stream: true,

  status: 200,
  endedBy: "complete",
  cost: 236_000 + (i % 997),
  free: false,
  latencyMs: 1_200 + (i % 500),
  tokens: {
    input: 1_000 + (i % 500),
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: 300 + (i % 200),
    reasoning: 0,
  },
  firstByteMs: 300 + (i % 100),
  usageSource: "provider",
});

async function start(dataDir) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...CORE_FLAGS, "dist/database.js"], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: "production", ONEKEY_DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise((resolve) =>
    child.stdout.once("data", (data) => resolve(String(data))),
  );
  const cpuMs = cpuOf(child.pid);
  const { socket } = JSON.parse(line);
  const client = await new MongoClient(
    `mongodb://${encodeURIComponent(socket)}/?directConnection=true`,
  ).connect();
  const stop = async () => {
    await client.close();
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
  };
  const status = () => client.db("admin").command({ serverStatus: 1 });
  return { client, status, stop, pid: child.pid, startMs: performance.now() - startedAt, cpuMs };
}

/** User and system time of a process so far, on Linux. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const measureMs = async (work) => {
  const startedAt = performance.now();
  await work();
  return Math.round(performance.now() - startedAt);
};

for (const count of counts.length > 0 ? counts : [100_000, 300_000, 1_000_000]) {
  const dataDir = mkdtempSync(path.join(tmpdir(), "onekey-rows-"));
  try {
    const first = await start(dataDir);
    const usage = first.client.db("onekey").collection("usage");
    await usage.createIndexes([
      { key: { accountId: 1, at: -1, _id: -1 }, name: "account" },
      { key: { projectId: 1, at: -1 }, name: "project" },
      { key: { at: 1 }, name: "expiry", expireAfterSeconds: 90 * 86_400 },
    ]);
    const insertMs = await measureMs(async () => {
      for (let from = 0; from < count; from += BATCH)
        await usage.insertMany(
          Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => row(from + i, count)),
        );
    });
    const statusBefore = await first.status();
    await first.stop();
    const sandbox = path.join(dataDir, "sandbox");
    const bytes = readdirSync(sandbox).reduce(
      (total, name) => total + statSync(path.join(sandbox, name)).size,
      0,
    );
    const second = await start(dataDir);
    const rowsAgain = second.client.db("onekey").collection("usage");
    const sum = (match) =>
      rowsAgain
        .aggregate([{ $match: match }, { $group: { _id: null, cost: { $sum: "$cost" } } }])
        .toArray();
    const oneAccountMs = await measureMs(() => sum({ accountId: `usr_${"7".padStart(20, "0")}` }));
    const allMs = await measureMs(() => sum({}));
    const statusAfter = await second.status();
    await second.stop();
    console.log(
      JSON.stringify({
        rows: count,
        insertSeconds: Math.round(insertMs / 100) / 10,
        residentMb: { filled: statusBefore.mem.resident, restarted: statusAfter.mem.resident },
        memoryPressure: Math.round(statusAfter.embedded.memoryPressure * 100) / 100,
        diskMb: Math.round(bytes / 2 ** 20),
        start: { seconds: Math.round(second.startMs / 100) / 10, cpuSeconds: second.cpuMs / 1_000 },
        sumOfOneAccountMs: oneAccountMs,
        sumOfAllMs: allMs,
      }),
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
