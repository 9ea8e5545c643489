// What does not show in requests a second: memory under many slow streams and long ones, and how long a large body blocks.
import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, request } from "./answers.mjs";
import { median } from "./figures.mjs";
import { openLoad } from "./load.mjs";

const MIB = 1024 * 1024;
const SLOW_STREAMS = 1_000;
/** Long enough that all thousand are open while memory is read. */
const SLOW = { kind: "stream", chunks: 60, ms: 200 };
const LONG_CHUNKS = [20_000, 100_000];
const BODY_BYTES = 5 * MIB;
const BODIES = 15;

/** Resident memory of the gateway with a thousand streams open, less that before them, in MiB. */
export async function slowStreams({ target, connections = SLOW_STREAMS }) {
  const before = await target.process.ask("memory");
  const load = await openLoad({ target, connections, body: request(SLOW), bytes: bytesOf(SLOW) });
  const streams = load.run(0);
  await sleep((SLOW.chunks * SLOW.ms) / 2);
  const during = await target.process.ask("memory");
  const second = await streams;
  load.close();
  return {
    streams: connections,
    growthMiB: (during.rss - before.rss) / MIB,
    heapGrowthMiB: (during.heapUsed + during.external - before.heapUsed - before.external) / MIB,
    errors: second.errors,
  };
}

/** Memory that is left after streams of two lengths: with nothing kept of a stream, the longer leaves no more. */
export async function longStream({ target }) {
  const lengths = {};
  let errors = 0;
  for (const chunks of LONG_CHUNKS) {
    const requestKind = { kind: "stream", chunks, ms: 0 };
    const load = await openLoad({
      target,
      connections: 1,
      body: request(requestKind),
      bytes: bytesOf(requestKind),
    });
    errors += (await load.run(0)).errors;
    const before = await target.process.ask("memory");
    const stream = load.run(0);
    let peak = 0;
    let isOver = false;
    void stream.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const { heapUsed, external } = await target.process.ask("memory");
      peak = Math.max(peak, heapUsed + external);
      await sleep(50);
    }
    errors += (await stream).errors;
    load.close();
    lengths[chunks] = (peak - before.heapUsed - before.external) / MIB;
  }
  const [short = 0, long = 0] = LONG_CHUNKS.map((chunks) => lengths[chunks]);
  return { growthMiB: lengths, longerByMiB: long - short, errors };
}

/** How long a request of 5 MB, an image in it, keeps the gateway's event loop from other work. */
export async function largeBody({ target }) {
  const padding = `data:image/png;base64,${"iVBORw0K".repeat(BODY_BYTES / 8)}`;
  const requestKind = { kind: "plain", padding };
  const load = await openLoad({
    target,
    connections: 1,
    body: request(requestKind),
    bytes: bytesOf(requestKind),
  });
  await load.run(0);
  const [blocks, quiet] = [[], []];
  let errors = 0;
  for (let i = 0; i < BODIES; i++) {
    await target.process.ask("delay start");
    await sleep(60);
    quiet.push(await target.process.ask("delay stop"));
    await target.process.ask("delay start");
    errors += (await load.run(0)).errors;
    blocks.push(await target.process.ask("delay stop"));
  }
  load.close();
  return { blockMs: median(blocks), leastMs: Math.min(...blocks), quietMs: median(quiet), errors };
}
