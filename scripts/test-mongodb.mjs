// `npm run test:mongodb -- --uri mongodb://127.0.0.1:27017/`: the unit, gateway, payment and fault suites on a MongoDB server.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, root } from "./build.mjs";

const E2E = ["--config", "vitest.e2e.config.ts"];
/** Suites by name: arguments of vitest. The package of the embedded database is not on a server. */
const SUITES = {
  unit: ["lib/"],
  gateway: [...E2E, "e2e/gateway"],
  payments: [...E2E, "e2e/payments"],
  faults: [...E2E, "e2e/faults"],
};
const USAGE = `Usage: npm run test:mongodb -- --uri mongodb://127.0.0.1:27017/ [--suite ${Object.keys(SUITES).join("|")}] [file …]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { uri: { type: "string" }, suite: { type: "string", multiple: true } },
});
const suites = values.suite ?? Object.keys(SUITES);
if (!values.uri || suites.some((name) => !Object.hasOwn(SUITES, name))) {
  console.error(USAGE);
  process.exit(2);
}
const uri = new URL(values.uri);
if (uri.pathname === "") uri.pathname = "/";

const reports = mkdtempSync(path.join(tmpdir(), "onekey-mongodb-"));
const results = [];
try {
  if (suites.some((name) => name !== "unit")) await build();
  for (const name of suites) results.push(await run(name));
} finally {
  rmSync(reports, { recursive: true, force: true });
}
for (const {
  name,
  passed: passCount,
  failed: failCount,
  skipped: skipCount,
  failures,
} of results) {
  console.log(`${name}: ${passCount} passed, ${failCount} failed, ${skipCount} skipped`);
  for (const failure of failures) console.log(`  ${failure}`);
}
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);

function run(name) {
  const file = path.join(reports, `${name}.json`);
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const [first, ...followers] = SUITES[name];
  const selection =
    positionals.length > 0
      ? [...(first === E2E[0] ? E2E : []), ...positionals]
      : [first, ...followers];
  const child = spawn(
    process.execPath,
    [
      vitest,
      "run",
      ...selection,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, ONEKEY_SANDBOX_MONGODB_URI: uri.href } },
  );
  return new Promise((resolve) =>
    child.once("exit", (code) => resolve({ name, code, ...summaryOf(file) })),
  );
}

function summaryOf(file) {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
      failures: tests.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ["The suite did not run to its end."] };
  }
}
