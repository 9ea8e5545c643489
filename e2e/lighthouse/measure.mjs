// node e2e/lighthouse/measure.mjs URL DEBUGGING_PORT CPU_SLOWDOWN: one run of Lighthouse in the browser at that port, as on a
// phone with a slow connection. Prints {"scores": {category: 0 to 100}, "benchmark": index of this machine} as JSON.
import lighthouse from "lighthouse";

const [url, port, cpuSlowdownMultiplier] = process.argv.slice(2);
const result = await lighthouse(url, {
  port: Number(port),
  logLevel: "error",
  onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
  throttling: { cpuSlowdownMultiplier: Number(cpuSlowdownMultiplier) },
});
const { categories, environment } = result.lhr;
const scores = Object.fromEntries(
  Object.entries(categories).map(([name, { score }]) => [name, Math.round((score ?? 0) * 100)]),
);
console.log(JSON.stringify({ scores, benchmark: Math.round(environment.benchmarkIndex) }));
