// How instances add up: one, two and four servers on one database, with one account and with many.
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, request } from "./answers.mjs";
import { openLoad } from "./load.mjs";
import { startDeployment } from "./deployment.mjs";

const CONNECTIONS = 64;
const SLICE_MS = 2_000;
const WARM_UP_REQUESTS = 5_000;
const WARM_UP_MS = 12_000;

/** Nothing is pinned here: servers, database, provider and load share the machine's cores as the system sees fit. */
export async function scale({
  instances = [1, 2, 4],
  accounts = [1, 16],
  sliceMs = SLICE_MS,
} = {}) {
  const rows = [];
  for (const count of instances) {
    for (const accountCount of accounts) {
      const deployment = await startDeployment({
        names: ["fast"],
        instances: count,
        accounts: accountCount,
        isPinnedToCores: false,
      });
      try {
        rows.push({
          instances: count,
          accounts: accountCount,
          ...(await measure(deployment, sliceMs)),
        });
        const { problems } = await deployment.onekey("audit");
        if (problems.length > 0)
          throw new Error(`The books do not balance: ${problems.join("; ")}`);
      } finally {
        await deployment.close();
      }
    }
  }
  return { cores: availableParallelism(), connections: CONNECTIONS, rows };
}

async function measure(deployment, sliceMs) {
  const requestKind = { kind: "plain" };
  const target = deployment.targets.fast;
  const load = await openLoad({
    target,
    connections: CONNECTIONS,
    body: request(requestKind),
    bytes: bytesOf(requestKind),
  });
  // As in the other benchmarks, code that is not yet compiled is not measured.
  const until = performance.now() + WARM_UP_MS;
  for (let count = 0; count < WARM_UP_REQUESTS * target.ports.length && performance.now() < until;)
    count += (await load.run(500)).requests;
  const cpus = () => Promise.all([target.cpu(), deployment.database.ask("cpu")]);
  const before = await cpus();
  const { requests, seconds, errors } = await load.run(sliceMs);
  await sleep(100);
  const after = await cpus();
  load.close();
  return {
    requestsPerSecond: requests / seconds,
    gatewayCpuUs: (after[0] - before[0]) / requests,
    databaseCpuUs: (after[1] - before[1]) / requests,
    errors,
  };
}
