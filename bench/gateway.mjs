// Gateways side by side: short slices in turn, so that whatever else the machine does meets all of them alike.
import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, request } from "./answers.mjs";
import { openLoad } from "./load.mjs";
import { median, percentile } from "./figures.mjs";

export const KINDS = {
  plain: { kind: "plain", title: "non-streamed" },
  burst: { kind: "stream", chunks: 50, ms: 0, title: "stream of 50 chunks in one piece" },
  paced: { kind: "stream", chunks: 50, ms: 5, title: "stream of 50 chunks, 5 ms between them" },
};

/** Time after a slice in which what follows an answer (a settle) ends, counted as CPU but not as time. */
const SETTLE_MS = 40;

/** A server that had nothing to do for seconds answers its first requests with a cold cache: they are not measured. */
const LEAD_IN_MS = 150;

/** A server's first thousands of requests run code that is not yet compiled: they are not measured. */
export async function warmUp({ deployment, requests = 5_000, seconds = 12 }) {
  for (const requestKind of [KINDS.plain, KINDS.burst]) {
    for (const target of Object.values(deployment.targets)) {
      const load = await openLoad({
        target,
        connections: 16,
        body: request(requestKind),
        bytes: bytesOf(requestKind),
      });
      const until = performance.now() + seconds * 1_000;
      for (let count = 0; count < requests && performance.now() < until;)
        count += (await load.run(200)).requests;
      load.close();
    }
  }
}

/** Measures every target with one kind of request at one concurrency; `rounds` slices of each, in turn. */
export async function compare({ deployment, kind, connections, rounds, sliceMs }) {
  const requestKind = KINDS[kind];
  const [body, bytes] = [request(requestKind), bytesOf(requestKind)];
  const names = Object.keys(deployment.targets);
  const loads = {};
  for (const name of names)
    loads[name] = await openLoad({ target: deployment.targets[name], connections, body, bytes });
  const slices = Object.fromEntries(names.map((name) => [name, []]));
  try {
    for (const name of names) await loads[name].run(Math.min(300, sliceMs));
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < names.length; i++) {
        const name = names[(i + round) % names.length];
        slices[name].push(
          await slice({ deployment, target: deployment.targets[name], load: loads[name], sliceMs }),
        );
      }
    }
  } finally {
    for (const load of Object.values(loads)) load.close();
  }
  return Object.fromEntries(names.map((name) => [name, summary(slices[name])]));
}

async function slice({ deployment, target, load, sliceMs }) {
  const cpus = () =>
    Promise.all([target.cpu(), target.onekey ? deployment.database.ask("cpu") : 0]);
  await load.run(LEAD_IN_MS);
  const before = await cpus();
  const sample = await load.run(sliceMs);
  await sleep(SETTLE_MS);
  const after = await cpus();
  const requestCount = Math.max(1, sample.requests);
  return {
    ...sample,
    perSecond: sample.requests / sample.seconds,
    cpuUs: (after[0] - before[0]) / requestCount,
    databaseCpuUs: (after[1] - before[1]) / requestCount,
  };
}

/** Medians over the slices; the slices themselves stay, for ratios of pairs. */
function summary(slices) {
  const of = (name) => slices.map((slice) => slice[name]);
  const all = (name) => slices.flatMap((slice) => slice[name]).sort((a, b) => a - b);
  const [latencies, firstBytes] = [all("latencies"), all("firstBytes")];
  return {
    perSecond: median(of("perSecond")),
    cpuUs: median(of("cpuUs")),
    databaseCpuUs: median(of("databaseCpuUs")),
    latencyMs: { p50: percentile(latencies, 50), p99: percentile(latencies, 99) },
    firstByteMs: { p50: percentile(firstBytes, 50), p99: percentile(firstBytes, 99) },
    requests: latencies.length,
    errors: of("errors").reduce((sum, errorCount) => sum + errorCount, 0),
    slices: slices.map((slice) => {
      const latencies = slice.latencies.toSorted((a, b) => a - b);
      const first = slice.firstBytes.toSorted((a, b) => a - b);
      return {
        perSecond: slice.perSecond,
        cpuUs: slice.cpuUs,
        databaseCpuUs: slice.databaseCpuUs,
        latencyP50: percentile(latencies, 50),
        latencyP99: percentile(latencies, 99),
        firstByteP50: percentile(first, 50),
        firstByteP99: percentile(first, 99),
      };
    }),
  };
}
