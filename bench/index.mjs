// `npm run bench`: OneKey compared with other gateways. `-- db`: only its database. `-- scale`: instances. `-- bombs`: hostile requests. `-- estimates`: how far estimated usage is off. `-- usage 1000000`: the usage page over so many rows. `-- profile`: where time goes.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, root } from "../scripts/build.mjs";
import { bombs } from "./bombs.mjs";
import { chart } from "./chart.mjs";
import { database } from "./db.mjs";
import { estimates } from "./estimates.mjs";
import { median } from "./figures.mjs";
import { compare, KINDS, warmUp } from "./gateway.mjs";
import { largeBody, longStream, slowStreams } from "./memory.mjs";
import { comparisonLines, measureLines, measures } from "./report.mjs";
import { roundTrip } from "./round-trip.mjs";
import { scale } from "./scale.mjs";
import { CORES, isPinned, startDeployment, pinSelf } from "./deployment.mjs";
import { usagePages } from "./usage-pages.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean" },
    rounds: { type: "string" },
    slice: { type: "string" },
    connections: { type: "string", default: "1,16,64,256" },
    kinds: { type: "string", default: "plain,burst,paced" },
    targets: { type: "string", default: "proxy,usual,write,portkey,next,fast" },
    "no-save": { type: "boolean" },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 3 : 7));
const sliceMs = Number(options.slice ?? (options.quick ? 300 : 1_000));
const say = (line = "") => process.stdout.write(`${line}\n`);
const save = (name, text) =>
  options["no-save"] || writeFileSync(path.join(root, "bench", name), text);
const machine = {
  cores: CORES,
  processor: cpus()[0]?.model ?? "unknown",
  node: process.version,
  pinned: isPinned,
};

const COMMANDS = {
  gateways,
  db,
  scale: scaled,
  bombs: bombed,
  profile,
  usage,
  estimates: () => estimates(say).then(() => process.exit()),
};
const command = COMMANDS[positionals[0] ?? "gateways"];
if (!command) {
  process.stderr.write(`There is no such benchmark: ${Object.keys(COMMANDS).join(", ")}.\n`);
  process.exit(1);
}
await build({ pages: positionals[0] !== "estimates" });
await command();

async function gateways() {
  pinSelf();
  say(
    `${machine.cores} cores (${machine.processor}), Node ${machine.node}${isPinned ? ", pinned" : ", not pinned"}`,
  );
  const names = options.targets.split(",");
  const deployment = await startDeployment({ names });
  const [results, roundTrips] = [{}, []];
  let memory = null;
  try {
    await warmUp({ deployment });
    for (const kind of options.kinds.split(",")) {
      results[kind] = {};
      for (const connections of options.connections.split(",").map(Number)) {
        // A paced stream takes a quarter of a second.
        const slice = kind === "paced" ? Math.max(1_000, sliceMs) : sliceMs;
        roundTrips.push(await roundTrip(deployment));
        const comparison = await compare({ deployment, kind, connections, rounds, sliceMs: slice });
        results[kind][connections] = comparison;
        say(`\n${KINDS[kind].title}, ${connections} concurrent`);
        for (const line of comparisonLines(comparison)) say(line);
      }
    }
    const target = deployment.targets.fast;
    memory = {
      // First, while nothing before it has grown the process for good.
      slow: await slowStreams({ target }),
      body: await largeBody({ target }),
      long: await longStream({ target }),
    };
    const { accounts, problems } = await deployment
      .onekey("audit")
      .catch(({ stdout }) => JSON.parse(stdout));
    say(`\nThe books after it: ${accounts} accounts, ${problems.length} problems`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    await deployment.close();
  }
  const roundTripMs = median(roundTrips);
  const list = measures({ results, roundTripMs, memory });
  say(`\nOne round trip to the database by the driver: ${roundTripMs.toFixed(2)} ms\n`);
  for (const line of measureLines(list)) say(line);
  const when = new Date().toISOString().slice(0, 10);
  save(
    "results.json",
    `${JSON.stringify({ when, machine, roundTripMs, measures: list, memory, results }, null, 1)}\n`,
  );
  save("results.svg", chart({ results, when }));
  process.exit();
}

async function db() {
  pinSelf();
  const results = await database();
  say("One request's three writes (a hold, a row, a settle), in commands of so many requests:");
  for (const { together, requestsPerSecond, databaseCpuUs, driverCpuUs, roundTripMs } of results)
    say(
      `  ${String(together).padStart(3)}   ${requestsPerSecond.toFixed(0).padStart(6)} requests/s   CPU ${databaseCpuUs.toFixed(0)} µs in the database, ${driverCpuUs.toFixed(0)} µs in the driver   round trip p50 ${roundTripMs.p50.toFixed(2)} ms`,
    );
  save(
    "results-db.json",
    `${JSON.stringify({ when: new Date().toISOString().slice(0, 10), machine, results }, null, 1)}\n`,
  );
  process.exit();
}

async function scaled() {
  const results = await scale({ sliceMs: options.quick ? 800 : 2_500 });
  say(
    `${results.connections} concurrent requests; servers, database, provider and load share ${results.cores} cores`,
  );
  for (const row of results.rows)
    say(
      `  ${row.instances} instances, ${String(row.accounts).padStart(2)} accounts   ${row.requestsPerSecond.toFixed(0).padStart(6)}/s   CPU ${row.gatewayCpuUs.toFixed(0)} µs + ${row.databaseCpuUs.toFixed(0)} µs in the database   ${row.errors} errors`,
    );
  save(
    "results-scale.json",
    `${JSON.stringify({ when: new Date().toISOString().slice(0, 10), machine, ...results }, null, 1)}\n`,
  );
  process.exit();
}

/** Prints how long each view of the usage page takes over so many rows; saves nothing. */
async function usage() {
  const count = Number(positionals[1] ?? 1_000_000);
  say(`The pages of one account over ${count.toLocaleString("en")} rows of 89 days, medians:`);
  const slowest = await usagePages({ count, say });
  say(`  the slowest takes ${slowest.toFixed(0)} ms; 300 is the aim`);
  process.exit();
}

/** Prints what hostile requests cost; saves nothing. */
async function bombed() {
  pinSelf();
  const deployment = await startDeployment({ names: ["fast"] });
  try {
    await warmUp({ deployment, requests: 1_000, seconds: 3 });
    await bombs({ deployment, say });
  } finally {
    await deployment.close();
  }
  process.exit();
}

/** Writes CPU profiles of the gateway and of the database under load; open them in a browser's developer tools. */
async function profile() {
  pinSelf();
  const deployment = await startDeployment({ names: ["fast"] });
  try {
    await warmUp({ deployment });
    const kind = options.kinds.split(",")[0];
    const processes = { gateway: deployment.targets.fast.process, database: deployment.database };
    for (const process of Object.values(processes)) await process.ask("profile start");
    const connections = Number(options.connections.split(",").at(-1));
    const results = await compare({ deployment, kind, connections, rounds: 1, sliceMs: 8_000 });
    for (const line of comparisonLines(results)) say(line);
    for (const [name, process] of Object.entries(processes)) {
      const file = path.join(root, "bench", `${name}.cpuprofile`);
      await process.ask("profile stop", { file });
      say(`Wrote ${path.relative(root, file)}`);
    }
  } finally {
    await deployment.close();
  }
  process.exit();
}
