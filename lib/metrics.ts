/** Figures of this process since it started, in Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const COUNTERS = {
  onekey_requests_total: "Requests that were admitted, by how they ended.",
  onekey_refusals_total: "Requests that were refused or failed, by the error's code.",
  onekey_rejected_requests_total:
    "Requests that were rejected before a page or endpoint was chosen, by status.",
  onekey_connections_closed_total:
    "Connections closed to make room for others, or refused over a limit.",
  onekey_uncaught_errors_total: "Errors that no request caught.",
  onekey_page_restarts_total: "Times that the thread of the pages ended and was started again.",
  onekey_tokens_total: "Tokens charged for.",
  onekey_cost_credits_total: "Credits charged, one a dollar.",
  onekey_unknown_served_models_total: "Responses that name a model the catalog does not know.",
  onekey_provider_errors_total:
    "Errors of a channel by what they are about: request, rate_limit, credential, server or connection.",
  onekey_log_lines_dropped_total: "Log lines that could not be written to stdout or stderr.",
} as const;
const HISTOGRAMS = {
  onekey_request_seconds: "From the first byte of a request to its settlement.",
  onekey_first_byte_seconds: "From the first byte of a request to the first of its answer.",
  onekey_settle_seconds: "From the end of an answer until its hold was closed.",
} as const;
/** Upper bounds in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

type CounterMetric = keyof typeof COUNTERS;
type HistogramMetric = keyof typeof HISTOGRAMS;
type MetricLabels = Record<string, string>;
type HistogramData = { counts: number[]; sum: number; count: number };

const store = globalThis as typeof globalThis & {
  __onekeyCounters?: Map<CounterMetric, Map<string, number>>;
  __onekeyHistograms?: Map<HistogramMetric, Map<string, HistogramData>>;
};
const counters = (): Map<CounterMetric, Map<string, number>> =>
  (store.__onekeyCounters ??= new Map());
const histograms = (): Map<HistogramMetric, Map<string, HistogramData>> =>
  (store.__onekeyHistograms ??= new Map());

const quoted = (value: string) =>
  `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
const labelsOf = (labels: MetricLabels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(",");

/** The texts of label sets that came before: of each metric there are few, and every request brings several. */
const keys = new Map<string, string>();
const KEYS_MAX = 10_000;
function keyOf(labels: MetricLabels): string {
  let given = "";
  for (const name in labels) given += `${name}\n${labels[name]}\n`;
  let key = keys.get(given);
  if (key === undefined) {
    if (keys.size >= KEYS_MAX) keys.clear();
    keys.set(given, (key = labelsOf(labels)));
  }
  return key;
}

function seriesOf<Name, Value>(all: Map<Name, Map<string, Value>>, name: Name): Map<string, Value> {
  const found = all.get(name) ?? new Map<string, Value>();
  all.set(name, found);
  return found;
}

/** Adds to a counter. Labels are names from our own lists (models, channels, codes), never what a client wrote. */
export function count(name: CounterMetric, labels: MetricLabels, by = 1): void {
  const key = keyOf(labels);
  const series = seriesOf(counters(), name);
  series.set(key, (series.get(key) ?? 0) + by);
}

/** Takes a duration in milliseconds into a histogram of seconds. */
export function observe(name: HistogramMetric, labels: MetricLabels, milliseconds: number): void {
  const series = seriesOf(histograms(), name);
  const key = keyOf(labels);
  const spread = series.get(key) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
  series.set(key, spread);
  const seconds = milliseconds / 1000;
  const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
  if (bucket >= 0) spread.counts[bucket] = (spread.counts[bucket] ?? 0) + 1;
  spread.sum += seconds;
  spread.count++;
}

export type GaugeMetric = {
  name: string;
  help: string;
  values: { labels: MetricLabels; value: number }[];
};

/** Everything counted so far, and what is so at this moment. */
export function renderMetrics(gauges: GaugeMetric[]): string {
  const lines: string[] = [];
  const head = (name: string, help: string, type: string) =>
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  const line = (name: string, labels: string, value: number) =>
    lines.push(`${name}${labels === "" ? "" : `{${labels}}`} ${value}`);
  for (const [name, help] of Object.entries(COUNTERS)) {
    head(name, help, "counter");
    for (const [labels, value] of counters().get(name as CounterMetric) ?? [])
      line(name, labels, value);
  }
  for (const [name, help] of Object.entries(HISTOGRAMS)) {
    head(name, help, "histogram");
    for (const [labels, spread] of histograms().get(name as HistogramMetric) ?? []) {
      const with_ = (bound: string) => `${labels === "" ? "" : `${labels},`}le="${bound}"`;
      let sum = 0;
      BUCKETS.forEach((bound, i) =>
        line(`${name}_bucket`, with_(String(bound)), (sum += spread.counts[i] ?? 0)),
      );
      line(`${name}_bucket`, with_("+Inf"), spread.count);
      line(`${name}_sum`, labels, spread.sum);
      line(`${name}_count`, labels, spread.count);
    }
  }
  for (const { name, help, values } of gauges) {
    head(name, help, "gauge");
    for (const { labels, value } of values) line(name, labelsOf(labels), value);
  }
  return `${lines.join("\n")}\n`;
}
