// What the figures say, against what they should: ratios of targets that were measured in the same slices.
import { pairedDifference, pairedRatio } from "./figures.mjs";

const VERDICTS = new Map([
  [true, "met   "],
  [false, "MISSED"],
  [null, "      "],
]);
/** The least that can be done, and what Node's and undici's guides lead to. */
const BARE_PROXIES = [
  ["proxy", "the least proxy"],
  ["usual", "a proxy as usually written"],
];
const ms = (value) => `${value.toFixed(2)} ms`;
const times = (value) => `${value.toFixed(2)}×`;

/** Each measure with its figure, its bound, and whether it is met (null without a bound). `results[kind][connections][target]` are summaries. */
export function measures({ results, roundTripMs, memory }) {
  const at = (kind, connections) => results[kind]?.[connections];
  const list = [];
  const add = (name, value, bound, holds, shown) =>
    list.push({ name, value, shown, bound, met: holds(value) });
  /** What has no bound of its own, and tells how near a bound anything could come. */
  const tell = (name, value) =>
    list.push({ name, value, shown: times(value), bound: "for comparison", met: null });
  const least = (bound) => (value) => value >= bound;
  const most = (bound) => (value) => value <= bound;

  for (const [kind, title] of [
    ["plain", "non-streamed"],
    ["burst", "streamed"],
  ]) {
    const busy = at(kind, 64);
    if (!busy) continue;
    const against = (other, figure) => pairedRatio(busy.fast, busy[other], figure);
    if (busy.portkey) {
      const [rate, cpu] = [against("portkey", "perSecond"), against("portkey", "cpuUs")];
      add(`requests/s against Portkey, 64 at once, ${title}`, rate, "≥ 5×", least(5), times(rate));
      add(`gateway CPU a request against Portkey, ${title}`, cpu, "≤ 0.2×", most(0.2), times(cpu));
      const p99 = against("portkey", "firstByteP99");
      add(
        `time to first byte p99 against Portkey, 64 at once, ${title}`,
        p99,
        "≤ 1×",
        most(1),
        times(p99),
      );
    }
    for (const [other, named] of BARE_PROXIES) {
      if (!busy[other]) continue;
      const rate = against(other, "perSecond");
      add(
        `requests/s against ${named}, 64 at once, ${title}`,
        rate,
        "≥ 0.5×",
        least(0.5),
        times(rate),
      );
    }
    if (busy.floor)
      tell(
        `requests/s against the least proxy with one update, ${title}`,
        against("floor", "perSecond"),
      );
  }
  const alone = at("plain", 1);
  if (alone) {
    const bound = roundTripMs + 0.15;
    for (const [other, named] of BARE_PROXIES) {
      if (!alone[other]) continue;
      const added = pairedDifference(alone.fast, alone[other], "latencyP50");
      add(
        `added p50 over ${named}, one at a time`,
        added,
        `≤ ${ms(bound)}`,
        most(bound),
        ms(added),
      );
    }
    if (alone.portkey) {
      const whole = pairedRatio(alone.fast, alone.portkey, "latencyP50");
      add("p50 against Portkey's, one at a time", whole, "≤ 1×", most(1), times(whole));
    }
    for (const [other, named] of BARE_PROXIES) {
      if (!alone[other]) continue;
      const first = pairedRatio(alone.fast, alone[other], "firstByteP50");
      add(
        `time to first byte p50 against ${named}, one at a time`,
        first,
        "≤ 2×",
        most(2),
        times(first),
      );
    }
    if (alone.floor) {
      const bare = pairedRatio(alone.floor, alone.proxy, "firstByteP50");
      tell("the same of the least proxy with one update, against that without", bare);
    }
  }
  if (memory) {
    const { slow, long, body } = memory;
    const mib = (value) => `${value.toFixed(1)} MiB`;
    add(
      "memory growth for 1,000 slow streams",
      slow.growthMiB,
      "≤ 40 MiB",
      most(40),
      mib(slow.growthMiB),
    );
    const block = `${ms(body.blockMs)} (least ${ms(body.leastMs)}; ${ms(body.quietMs)} with nothing to do)`;
    add("event-loop block by a 5 MB body", body.blockMs, "≤ 5 ms", most(5), block);
    const longer = "≤ 4 MiB more than for 20,000";
    add(
      "memory growth for a stream of 100,000 chunks",
      long.longerByMiB,
      longer,
      most(4),
      mib(long.longerByMiB),
    );
  }
  const errors =
    errorsIn(results) + (memory ? memory.slow.errors + memory.long.errors + memory.body.errors : 0);
  add("errors", errors, "0", most(0), String(errors));
  return list;
}

const errorsIn = (results) =>
  Object.values(results)
    .flatMap((byConnections) => Object.values(byConnections))
    .flatMap((byTarget) => Object.values(byTarget))
    .reduce((sum, { errors }) => sum + errors, 0);

/** The figures of one comparison, a line a target. */
export function comparisonLines(byTarget) {
  return Object.entries(byTarget).map(([name, it]) => {
    const columns = [
      name.padEnd(9),
      `${it.perSecond.toFixed(0).padStart(7)}/s`,
      `p50 ${ms(it.latencyMs.p50)}, p99 ${ms(it.latencyMs.p99)}`,
      `first byte ${ms(it.firstByteMs.p50)}, p99 ${ms(it.firstByteMs.p99)}`,
      `CPU ${it.cpuUs.toFixed(0)} µs${it.databaseCpuUs ? ` + ${it.databaseCpuUs.toFixed(0)} µs in the database` : ""}`,
      ...(it.errors > 0 ? [`${it.errors} errors`] : []),
    ];
    return `  ${columns.join("   ")}`;
  });
}

export function measureLines(list) {
  const width = Math.max(...list.map(({ name }) => name.length));
  return list.map(
    ({ name, shown, bound, met }) =>
      `  ${VERDICTS.get(met)}  ${name.padEnd(width)}  ${shown}  (${bound})`,
  );
}
