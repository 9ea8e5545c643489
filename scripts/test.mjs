// `npm test`: everything but the long runs, in a clean environment, and one line that sums it up.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { build, BuildError, root } from "./build.mjs";
import { ADVICE, findChromium } from "./chromium.mjs";

/** Lines of a failure that are printed once more at the end. */
const REASON_LINES = 12;
const long = process.argv.includes("--long");
const bin = (name) => path.join(root, "node_modules", name);
const isPresent = (file) => existsSync(path.join(root, file));
const reports = mkdtempSync(path.join(tmpdir(), "onekey-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
/** Names of the tests that failed, with what they threw. */
const failures = [];
/** The same of browser tests that passed only when they were tried again. */
const secondTries = [];
const groups = new Set();

// Only what a process needs to run is handed on: no credential, no setting, no NODE_ENV or NODE_OPTIONS of the shell's.
const keep =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TERM|TMPDIR|TEMP|TMP|CI|NO_COLOR|FORCE_COLOR|SystemRoot|CHROMIUM_PATH|PLAYWRIGHT_BROWSERS_PATH|ONEKEY_SANDBOX_MONGODB_URI)$/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => keep.test(name)));
env.NEXT_TELEMETRY_DISABLED = "1";
if (long) env.ONEKEY_TEST_LONG = "1";
// Next reads .env automatically, but keeps what is set, even to nothing.
if (isPresent(".env"))
  for (const [, name] of readFileSync(path.join(root, ".env.example"), "utf8").matchAll(
    /^(\w+)=/gm,
  ))
    env[name] = "";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    endGroups();
    process.exit(130);
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BuildError ? error.message : error);
  total.failed++;
} finally {
  endGroups();
  rmSync(reports, { recursive: true, force: true });
}
list("Failed:", failures);
list(
  "Passed only when tried again; each is a race of the test or of the product, to be found:",
  secondTries,
);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
process.exit(total.failed > 0 ? 1 : 0);

async function main() {
  await build();
  if (!long) {
    await check("format", [bin("oxfmt/bin/oxfmt"), "--check"]);
    await check("lint", [bin("oxlint/bin/oxlint")]);
    await check("dead code", [bin("knip/bin/knip.js")]);
    await check("first-load JavaScript", ["scripts/js-size.mjs"]);
    await check("types", [bin("typescript/bin/tsc"), "--noEmit"]);
    await vitest("unit tests", []);
  } else {
    await vitest("fuzz tests", [
      "lib/gateway/body-scan/json.test.ts",
      "packages/embedded-mongo/protocol/wire-message.test.ts",
      "lib/money.test.ts",
    ]);
    await vitest("random requests and holds", [
      "lib/accounts/excess.test.ts",
      "lib/gateway/own-endpoints/quotes.test.ts",
      "lib/gateway/pricing/maximum.test.ts",
      "lib/gateway/settlement/overspend.test.ts",
      "lib/gateway/settlement/stated-usages.test.ts",
    ]);
    // Once with no more order and atomicity of the database than MongoDB gives.
    // The order of commands is what differs there, so each test runs as often as it does every day.
    const interleaving = {
      environment: { ...env, ONEKEY_TEST_LONG: "", ONEKEY_SANDBOX_INTERLEAVING: "20" },
    };
    await vitest("unit tests, interleaved", ["lib"], interleaving);
    await vitest(
      "gateway tests, interleaved",
      ["-c", "vitest.e2e.config.ts", "e2e/gateway"],
      interleaving,
    );
    await vitest("storage damage", ["packages/embedded-mongo/storage"]);
  }
  const e2e = ["-c", "vitest.e2e.config.ts"];
  const end2end = (name, ...folders) => vitest(name, [...e2e, ...folders], { aside: true });
  const runners = [
    () => end2end("gateway tests", "e2e/gateway", "e2e/docs"),
    () =>
      end2end("payment, security and fault tests", "e2e/payments", "e2e/security", "e2e/faults"),
    () => playwright(),
  ];
  // They take about as long as each other. Each has a separate deployment and spends much of its time waiting, so three run
  // together: more than that on two cores wait for each other. They are reported one by one. Only a browser
  // test gets a second try, and the end of the output names it, as it has a race to be found. The long runs measure pages,
  // with nothing else running.
  if (long) installLighthouse();
  if (long) for (const runner of runners) await runner();
  else await Promise.all(runners.map((runner) => runner()));
}

/** Lighthouse has a folder and a lock file apart, as it brings 150 MB; without it its tests fail and say so. */
function installLighthouse() {
  if (isPresent("e2e/lighthouse/node_modules")) return;
  spawnSync("npm", ["ci"], { cwd: path.join(root, "e2e/lighthouse"), stdio: "inherit" });
}

/** A command that either holds or does not counts as one test. */
async function check(name, args) {
  title(name);
  const code = await run(args);
  total[code === 0 ? "passed" : "failed"]++;
  if (code !== 0) failures.push(name);
}

async function vitest(name, args, { aside = false, environment = env } = {}) {
  if (!aside) title(name);
  const file = path.join(reports, `${name.replaceAll(" ", "-")}.json`);
  const code = await run(
    [
      bin("vitest/vitest.mjs"),
      "run",
      ...args,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    { aside: aside ? name : null, environment },
  );
  const report = readReport(file);
  for (const suite of report?.testResults ?? [])
    for (const { status, fullName, failureMessages } of suite.assertionResults) {
      if (status === "failed") failures.push(withReason(`${name}: ${fullName}`, failureMessages));
    }
  const empty = (report?.testResults ?? []).filter(
    (suite) =>
      suite.status === "failed" &&
      !suite.assertionResults.some((assertion) => assertion.status === "failed"),
  );
  add({
    code,
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + empty.length,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

async function playwright() {
  const chromium = await findChromium();
  if (chromium === null) {
    console.error(ADVICE);
    total.failed++;
    return;
  }
  const file = path.join(reports, "browser.json");
  const args = ["test", "--reporter=list,json", "--retries=1"];
  const code = await run([bin("@playwright/test/cli.js"), ...args], {
    aside: "browser tests",
    environment: { ...env, CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  });
  const report = readReport(file);
  const stats = report?.stats ?? { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
  failures.push(...specsOf(report, "unexpected"));
  secondTries.push(...specsOf(report, "flaky"));
  add({
    code,
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  });
}

/** The names of the specs in Playwright's report that ended so, from suites within suites, with what they threw. */
function specsOf(report, status) {
  const { suites = [], specs = [] } = report ?? {};
  return specs
    .filter(({ tests }) => tests.some((test) => test.status === status))
    .map(({ title, tests }) => withReason(`browser tests: ${title}`, errorsOf(tests)))
    .concat(suites.flatMap((suite) => specsOf(suite, status)));
}

/** What a browser test threw. */
function errorsOf(tests) {
  return tests
    .flatMap(({ results }) => results)
    .flatMap(({ errors = [] }) => errors.map(({ message = "" }) => message));
}

/** A test's name with the first lines of what it threw, so that the end of a long output says why it failed. */
function withReason(name, messages = []) {
  const lines = messages.flatMap((message) => stripVTControlCharacters(message).split("\n"));
  return [name, ...lines.filter((line) => line.trim() !== "").slice(0, REASON_LINES)].join(
    "\n      ",
  );
}

/** A runner that ends badly without naming a failed test has failed all the same. */
function add({ code, passed: passCount, failed: failCount, skipped: skipCount }) {
  total.passed += passCount;
  total.failed += Math.max(failCount, code === 0 ? 0 : 1);
  total.skipped += skipCount;
}

/**
 * Each runner leads a separate process group, so that what it leaves behind can be ended with it. One that runs aside is reported, under
 * the name given, when it has ended.
 */
function run(args, { aside = null, environment = env } = {}) {
  const file = aside === null ? null : path.join(reports, `${aside.replaceAll(" ", "-")}.log`);
  const output = file === null ? "inherit" : openSync(file, "w");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: environment,
      stdio: ["ignore", output, output],
      detached: true,
    });
    groups.add(child.pid);
    child.once("error", () => resolve(1));
    child.once("exit", (code) => {
      endGroup(child.pid);
      if (file !== null) {
        closeSync(output);
        title(aside);
        process.stdout.write(readFileSync(file));
      }
      resolve(code ?? 1);
    });
  });
}

function endGroups() {
  for (const pid of groups) endGroup(pid);
}

function endGroup(pid) {
  groups.delete(pid);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing was left of it.
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function list(heading, names) {
  if (names.length > 0) console.log(`\n${[heading, ...names].join("\n  ")}`);
}

function title(name) {
  console.log(`\n— ${name}`);
}
