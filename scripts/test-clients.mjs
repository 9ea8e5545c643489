// `npm run test:clients`: real command-line agents and SDKs against the mock providers, from the packages of e2e/clients.
// What is not installed, or does not start, is skipped with one line; with `--all` it is an error.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findChromium } from "./chromium.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const clients = path.join(root, "e2e/clients");
const inClients = (...names) => path.join(clients, ...names);
/** Milliseconds that a program may take to print its version on a busy machine. */
const START_MS_MAX = 120_000;

const args = process.argv.slice(2);
const isComplete = args.includes("--all");
let skippedCount = 0;

const lock = readFileSync(inClients("package-lock.json"), "utf8");
const { packages } = JSON.parse(lock);
const dependencies = Object.keys(packages[""].dependencies);

installPackages();
const missingPrograms = await findMissingPrograms();
const missingSdks = dependencies.filter(
  (name) => programsOf(name).length === 0 && !existsSync(inClients("node_modules", name)),
);
if (missingSdks.length > 0)
  skip("the TypeScript SDKs", `${missingSdks.join(", ")} could not be installed.`);
const python = installPython();
const go = installGo();
const chromium = await findChromium();
if (!chromium) skip("SDKs in a page", "Chromium is not installed.");
if (isComplete && skippedCount > 0) process.exit(1);

const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    "--config",
    "vitest.clients.config.ts",
    ...(missingSdks.length > 0 ? ["--exclude", "e2e/clients/sdks.test.ts"] : []),
    ...args.filter((argument) => argument !== "--all"),
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      ONEKEY_CLIENTS_MISSING: missingPrograms.join(","),
      ONEKEY_CLIENTS_PYTHON: python ?? "",
      ONEKEY_CLIENTS_GO: go ?? "",
      ONEKEY_CLIENTS_CHROMIUM: chromium ?? "",
    },
  },
);
process.exit(status ?? 1);

function skip(name, reason) {
  skippedCount++;
  console.log(`Skipped: ${name}. ${reason}`);
}

/** Installs what the lock file names, unless it is there. The agents' install scripts put their programs in place. */
function installPackages() {
  const mark = inClients("node_modules/.installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
  // Not `npm ci`: it insists on builds for other platforms that a tool names and its registry does not have.
  if (run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]))
    writeFileSync(mark, lock);
}

/** The names of a package's programs. */
function programsOf(name) {
  return Object.keys(packages[`node_modules/${name}`]?.bin ?? {});
}

/** The programs that do not print their version here: not installed, not built for this platform, or not for this Node. */
async function findMissingPrograms() {
  const programs = dependencies.flatMap(programsOf);
  const results = await Promise.all(programs.map(findProblem));
  return programs.filter((program, i) => {
    if (results[i] !== null) skip(program, results[i]);
    return results[i] !== null;
  });
}

async function findProblem(program) {
  const file = inClients("node_modules/.bin", program);
  if (!existsSync(file)) return "It could not be installed.";
  try {
    await promisify(execFile)(file, ["--version"], { timeout: START_MS_MAX });
    return null;
  } catch (error) {
    const lines = String(error.stderr || error.message).split("\n");
    const reason = lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "";
    return `It does not start with Node ${process.versions.node}: ${reason.trim()}`;
  }
}

/** The interpreter that has the Python packages; null, with one line, where there is none. */
function installPython() {
  if (spawnSync("python3", ["-c", "import venv, ensurepip"]).status !== 0) {
    skip("the Python SDKs", "python3 with venv is not installed.");
    return null;
  }
  const interpreter = inClients(".venv/bin/python");
  const mark = inClients(".venv/.installed");
  const requirements = readFileSync(inClients("requirements.txt"), "utf8");
  if (existsSync(mark) && readFileSync(mark, "utf8") === requirements) return interpreter;
  const isInstalled =
    run("python3", ["-m", "venv", ".venv"]) &&
    run(interpreter, ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"]);
  if (!isInstalled) {
    skip("the Python SDKs", "pip could not install requirements.txt.");
    return null;
  }
  writeFileSync(mark, requirements);
  return interpreter;
}

/** The Go command, with the modules of go.sum; null, with one line, where there is none. */
function installGo() {
  if (spawnSync("go", ["version"]).status !== 0) {
    skip("the Go SDKs", "Go is not installed.");
    return null;
  }
  if (run("go", ["-C", "go", "mod", "download"])) return "go";
  skip("the Go SDKs", "The modules of go.sum could not be downloaded.");
  return null;
}

/** Runs a program in e2e/clients and returns whether it succeeded. */
function run(program, programArgs) {
  return spawnSync(program, programArgs, { cwd: clients, stdio: "inherit" }).status === 0;
}
