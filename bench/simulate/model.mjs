import { EventQueue } from "./event-queue.mjs";

/**
 * What is simulated. Times in milliseconds. The server's and the embedded database's figures are measured (bench/NOTES.md); those
 * of a MongoDB replica set are assumptions, to be replaced by your own.
 */
export const DEFAULTS = {
  instances: 1,
  accounts: 1_000,
  /** Part of the requests that go to one account. */
  hotShare: 0,
  requestsPerSecond: 1_000,
  seconds: 1,
  /** CPU of a server for one request: measured 0.2 ms. */
  serverMs: 0.2,
  /** Network there and back. */
  roundTripMs: 1,
  /** From a write on the primary to its acknowledgment by the majority. */
  replicationMs: 2,
  /** Cores of the database that apply writes, and what a command and each write in it cost there. */
  databaseCores: 8,
  commandMs: 0.05,
  writeMs: 0.1,
  /** How long a write keeps others from its document. */
  documentMs: 0.1,
  /** A server gathers settlements for this long (lib/usage, lib/accounts). */
  settleWindowMs: 20,
  /** Commands of one server with holds that are in flight at most, and holds in one of them. */
  holdCommandsMax: 4,
  holdsMax: 64,
  settlesMax: 256,
  /** Open holds of one account at most. */
  openHoldsMax: 500,
  /** From the hold to the end of the response. */
  providerMs: 300,
};

/** Simulates so many seconds of requests that arrive at random; returns what they waited for. */
export function simulate(options) {
  const world = { ...DEFAULTS, ...options };
  const random = randomNumbers(1);
  const queue = new EventQueue();
  const servers = Array.from({ length: world.instances }, () => ({
    cpuFreeAt: 0,
    holds: [],
    inFlight: 0,
    settles: [],
    isGathering: false,
  }));
  const cores = new Float64Array(world.databaseCores);
  const documentFreeAt = new Map();
  const openHolds = new Map();
  const holdWaits = [];
  const end = world.seconds * 1_000;
  const meanGap = 1_000 / world.requestsPerSecond;
  let [arrivals, holdCount, settleCount, refusals, coreBusy, lastSettle] = [0, 0, 0, 0, 0, 0];

  const accountOf = () => (random() < world.hotShare ? 0 : Math.floor(random() * world.accounts));

  const arrive = (time) => {
    if (time >= end) return;
    arrivals++;
    const server = servers[Math.floor(random() * servers.length)];
    server.cpuFreeAt = Math.max(server.cpuFreeAt, time) + world.serverMs / 2;
    const request = { account: accountOf(), arrivedAt: time, server };
    queue.add(server.cpuFreeAt, (at) => wantHold(request, at));
    queue.add(time - Math.log(1 - random()) * meanGap, arrive);
  };

  const wantHold = (request, time) => {
    request.server.holds.push(request);
    sendHolds(request.server, time);
  };

  const sendHolds = (server, time) => {
    const isFull = server.holds.length >= world.holdsMax;
    if (
      server.holds.length === 0 ||
      (server.inFlight > 0 && !isFull) ||
      server.inFlight >= world.holdCommandsMax
    )
      return;
    const batch = server.holds.splice(0, world.holdsMax);
    server.inFlight++;
    runCommand(batch, 1, time, (at) => {
      server.inFlight--;
      for (const request of batch) endHold(request, at);
      sendHolds(server, at);
    });
  };

  const endHold = (request, time) => {
    const open = openHolds.get(request.account) ?? 0;
    if (open >= world.openHoldsMax) return void refusals++;
    openHolds.set(request.account, open + 1);
    holdCount++;
    holdWaits.push(time - request.arrivedAt);
    queue.add(time + world.providerMs, (at) => wantSettle(request, at));
  };

  const wantSettle = (request, time) => {
    const { server } = request;
    server.cpuFreeAt = Math.max(server.cpuFreeAt, time) + world.serverMs / 2;
    server.settles.push(request);
    if (server.isGathering) return;
    server.isGathering = true;
    queue.add(time + world.settleWindowMs, (at) => sendSettles(server, at));
  };

  const sendSettles = (server, time) => {
    server.isGathering = false;
    for (let from = 0; from < server.settles.length; from += world.settlesMax) {
      const batch = server.settles.slice(from, from + world.settlesMax);
      // The usage rows first, then the accounts.
      runCommand([], batch.length, time, (at) =>
        runCommand(batch, 1, at, (respond) => {
          for (const { account } of batch) openHolds.set(account, openHolds.get(account) - 1);
          settleCount += batch.length;
          lastSettle = respond;
        }),
      );
    }
    server.settles = [];
  };

  /** Writes of one account in a command are one write to its document; `inserts` are to documents that nobody else writes. */
  const runCommand = (requests, inserts, time, respond) => {
    const accounts = new Set(requests.map(({ account }) => account));
    const work =
      world.commandMs + (accounts.size + (requests.length === 0 ? inserts : 0)) * world.writeMs;
    const core = cores.indexOf(Math.min(...cores));
    let at = Math.max(cores[core], time + world.roundTripMs / 2);
    for (const account of accounts) {
      const from = Math.max(at, documentFreeAt.get(account) ?? 0);
      documentFreeAt.set(account, from + world.documentMs);
      at = Math.max(at, from + world.documentMs - world.writeMs);
    }
    cores[core] = at + work;
    coreBusy += work;
    queue.add(cores[core] + world.replicationMs + world.roundTripMs / 2, respond);
  };

  queue.add(0, arrive);
  while (queue.size > 0) {
    const { time, event } = queue.next();
    event(time);
  }
  holdWaits.sort((a, b) => a - b);
  const durationMs = Math.max(end, lastSettle - world.providerMs - world.settleWindowMs);
  return {
    requestsPerSecond: Math.round((settleCount / durationMs) * 1_000),
    refused: refusals,
    arrived: arrivals,
    held: holdCount,
    holdMs: { p50: percentile(holdWaits, 50), p99: percentile(holdWaits, 99) },
    databaseUse: Math.min(1, coreBusy / (durationMs * world.databaseCores)),
    serverUse: Math.min(1, (arrivals * world.serverMs) / (durationMs * world.instances)),
  };
}

/** The highest rate that is served in full, with holds within `holdMsMax` for 99 of 100 requests. */
export function capacity(options, { holdMsMax = 100, ratesMax = 2_000_000 } = {}) {
  const isServed = (requestsPerSecond) => {
    // Long enough to show a queue that grows, short enough for a million requests a second.
    const seconds = Math.min(2, Math.max(0.25, 60_000 / requestsPerSecond));
    const result = simulate({ ...options, requestsPerSecond, seconds });
    const isKept =
      result.requestsPerSecond >= requestsPerSecond * 0.9 && result.holdMs.p99 <= holdMsMax;
    return isKept && result.refused === 0 ? result : null;
  };
  let [low, high] = [0, 200];
  let best = null;
  for (let result = isServed(high); result && high <= ratesMax; result = isServed(high)) {
    best = result;
    low = high;
    high *= 2;
  }
  for (let round = 0; round < 5; round++) {
    const middle = (low + high) / 2;
    const result = isServed(middle);
    if (result) [best, low] = [result, middle];
    else high = middle;
  }
  return { rate: Math.round(low), ...best };
}

function percentile(ascending, part) {
  if (ascending.length === 0) return 0;
  return (
    Math.round(
      ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * part) / 100))] * 100,
    ) / 100
  );
}

/** Numbers from 0 to 1, the same in every run. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
