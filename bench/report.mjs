// What the figures say, against what they should: ratios of targets that were measured in the same slices.
import { pairedDifference, pairedRatio } from "./figures.mjs";

const MARKS = new Map([
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
  const add = (name, value, bound, holds, text) =>
    list.push({ name, value, text, bound, met: holds(value) });
  /** A figure without a bound, which shows how near a bound anything could be. */
  const addFigure = (name, value) =>
    list.push({ name, value, text: times(value), bound: "for comparison", met: null });
  const atLeast = (bound) => (value) => value >= bound;
  const atMost = (bound) => (value) => value <= bound;

  for (const [kind, title] of [
    ["plain", "non-streamed"],
    ["burst", "streamed"],
  ]) {
    const busy = at(kind, 64);
    if (!busy) continue;
    const against = (name, figure) => pairedRatio(busy.fast, busy[name], figure);
    if (busy.portkey) {
      const [rate, cpu] = [against("portkey", "perSecond"), against("portkey", "cpuUs")];
      add(
        `requests/s against Portkey, 64 concurrent, ${title}`,
        rate,
        "≥ 5×",
        atLeast(5),
        times(rate),
      );
      add(
        `gateway CPU a request against Portkey, ${title}`,
        cpu,
        "≤ 0.2×",
        atMost(0.2),
        times(cpu),
      );
      const p99 = against("portkey", "firstByteP99");
      add(
        `time to first byte p99 against Portkey, 64 concurrent, ${title}`,
        p99,
        "≤ 1×",
        atMost(1),
        times(p99),
      );
    }
    for (const [name, label] of BARE_PROXIES) {
      if (!busy[name]) continue;
      const rate = against(name, "perSecond");
      add(
        `requests/s against ${label}, 64 concurrent, ${title}`,
        rate,
        "≥ 0.5×",
        atLeast(0.5),
        times(rate),
      );
    }
    if (busy.write)
      addFigure(
        `requests/s against the least proxy with one update, ${title}`,
        against("write", "perSecond"),
      );
  }
  const single = at("plain", 1);
  if (single) {
    const bound = roundTripMs + 0.15;
    for (const [name, label] of BARE_PROXIES) {
      if (!single[name]) continue;
      const difference = pairedDifference(single.fast, single[name], "latencyP50");
      add(
        `added p50 over ${label}, one at a time`,
        difference,
        `≤ ${ms(bound)}`,
        atMost(bound),
        ms(difference),
      );
    }
    if (single.portkey) {
      const latencyRatio = pairedRatio(single.fast, single.portkey, "latencyP50");
      add(
        "p50 against Portkey's, one at a time",
        latencyRatio,
        "≤ 1×",
        atMost(1),
        times(latencyRatio),
      );
    }
    for (const [name, label] of BARE_PROXIES) {
      if (!single[name]) continue;
      const first = pairedRatio(single.fast, single[name], "firstByteP50");
      add(
        `time to first byte p50 against ${label}, one at a time`,
        first,
        "≤ 2×",
        atMost(2),
        times(first),
      );
    }
    if (single.write) {
      const bare = pairedRatio(single.write, single.proxy, "firstByteP50");
      addFigure("the same of the least proxy with one update, against that without", bare);
    }
  }
  if (memory) {
    const { slow, long, body } = memory;
    const mib = (value) => `${value.toFixed(1)} MiB`;
    add(
      "memory growth for 1,000 slow streams",
      slow.growthMiB,
      "≤ 40 MiB",
      atMost(40),
      mib(slow.growthMiB),
    );
    const block = `${ms(body.blockMs)} (least ${ms(body.leastMs)}; ${ms(body.quietMs)} with nothing to do)`;
    add("event-loop block by a 5 MB body", body.blockMs, "≤ 5 ms", atMost(5), block);
    const longer = "≤ 4 MiB more than for 20,000";
    add(
      "memory growth for a stream of 100,000 chunks",
      long.longerByMiB,
      longer,
      atMost(4),
      mib(long.longerByMiB),
    );
  }
  const errors =
    errorsIn(results) + (memory ? memory.slow.errors + memory.long.errors + memory.body.errors : 0);
  add("errors", errors, "0", atMost(0), String(errors));
  return list;
}

const errorsIn = (results) =>
  Object.values(results)
    .flatMap((byConnections) => Object.values(byConnections))
    .flatMap((byTarget) => Object.values(byTarget))
    .reduce((sum, { errors }) => sum + errors, 0);

/** The figures of one comparison, a line a target. */
export function comparisonLines(byTarget) {
  return Object.entries(byTarget).map(([name, figures]) => {
    const columns = [
      name.padEnd(9),
      `${figures.perSecond.toFixed(0).padStart(7)}/s`,
      `p50 ${ms(figures.latencyMs.p50)}, p99 ${ms(figures.latencyMs.p99)}`,
      `first byte ${ms(figures.firstByteMs.p50)}, p99 ${ms(figures.firstByteMs.p99)}`,
      `CPU ${figures.cpuUs.toFixed(0)} µs${figures.databaseCpuUs ? ` + ${figures.databaseCpuUs.toFixed(0)} µs in the database` : ""}`,
      ...(figures.errors > 0 ? [`${figures.errors} errors`] : []),
    ];
    return `  ${columns.join("   ")}`;
  });
}

export function measureLines(list) {
  const width = Math.max(...list.map(({ name }) => name.length));
  return list.map(
    ({ name, text, bound, met }) =>
      `  ${MARKS.get(met)}  ${name.padEnd(width)}  ${text}  (${bound})`,
  );
}
