// The database only: what the gateway asks of it for each request, one at a time and together.
import { MongoClient } from "mongodb";
import { percentile } from "./figures.mjs";
import { startDeployment } from "./deployment.mjs";

const SLICE_MS = 1_500;
const ACCOUNTS = 64;

const account = (i) => ({
  _id: `usr_${i}`,
  email: `bench-${i}@example.com`,
  credits: 1e15,
  posted: 1e15,
  charged: 0,
  free: { requests: 0, credits: 0 },
  keys: [`digest-${i}`],
  rulesVersion: 1,
  projects: [{ id: `prj_${i}`, limits: {} }],
  caps: [],
  holds: [],
});

const hold = (id, i) => ({
  updateOne: {
    filter: {
      _id: `usr_${i}`,
      keys: `digest-${i}`,
      rulesVersion: 1,
      "holds.id": { $ne: id },
      "holds.499": { $exists: false },
      credits: { $gte: 1_000_000 },
      $or: [{ "free.requests": { $lt: 1 } }, { "free.credits": { $lt: 500_000 } }],
    },
    update: {
      $push: {
        holds: {
          id,
          projectId: `prj_${i}`,
          keyId: `key_${i}`,
          amount: 1_000_000,
          free: false,
          by: "ins_bench",
          at: 1,
        },
      },
      $inc: { credits: -1_000_000 },
    },
  },
});

const close = (id, i) => ({
  updateOne: {
    filter: { _id: `usr_${i}`, "holds.id": id },
    update: { $pull: { holds: { id } }, $inc: { credits: 900_000, charged: 100_000 } },
  },
});

/** Measures what a request costs in the database: a hold, a row and a settle, in commands of so many of each. */
export async function database() {
  const deployment = await startDeployment({ names: ["database"] });
  const client = await new MongoClient(deployment.databaseUri, {
    maxPoolSize: 64,
    ignoreUndefined: true,
  }).connect();
  const db = client.db("bench");
  const [accounts, usage] = [db.collection("accounts"), db.collection("usage")];
  await accounts.createIndexes([{ key: { email: 1 }, unique: true }, { key: { "holds.by": 1 } }]);
  await usage.createIndexes([
    { key: { accountId: 1, at: -1, _id: -1 } },
    { key: { projectId: 1, at: -1 } },
  ]);
  await accounts.insertMany(Array.from({ length: ACCOUNTS }, (_, i) => account(i)));
  let last = 0;
  const round = async (size) => {
    const ids = Array.from({ length: size }, () => [`req_${++last}`, last % ACCOUNTS]);
    await accounts.bulkWrite(
      ids.map(([id, i]) => hold(id, i)),
      { ordered: false },
    );
    const rows = ids.map(([id, i]) => ({
      _id: id,
      accountId: `usr_${i}`,
      projectId: `prj_${i}`,
      at: new Date(),
    }));
    await usage.insertMany(rows, { ordered: false });
    await accounts.bulkWrite(
      ids.map(([id, i]) => close(id, i)),
      { ordered: false },
    );
  };
  const results = [];
  try {
    for (const size of [1, 4, 16, 64]) {
      for (let until = performance.now() + 700; performance.now() < until;) await round(size);
      const [cpu, cpuBefore] = [await deployment.database.ask("cpu"), process.cpuUsage()];
      const [began, times] = [performance.now(), []];
      while (performance.now() - began < SLICE_MS) {
        const at = performance.now();
        await round(size);
        times.push(performance.now() - at);
      }
      const { user, system } = process.cpuUsage(cpuBefore);
      const requests = times.length * size;
      times.sort((a, b) => a - b);
      results.push({
        together: size,
        requestsPerSecond: requests / ((performance.now() - began) / 1000),
        databaseCpuUs: ((await deployment.database.ask("cpu")) - cpu) / requests,
        driverCpuUs: (user + system) / requests,
        roundTripMs: { p50: percentile(times, 50) / 3, p99: percentile(times, 99) / 3 },
      });
    }
  } finally {
    await client.close();
    await deployment.close();
  }
  return results;
}
