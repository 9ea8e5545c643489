// `npm run test:clients`: real command-line agents and SDKs against the mock providers, from the packages of e2e/clients.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const clients = path.join(root, "e2e/clients");
const inClients = (...names) => path.join(clients, ...names);

installPackages();
const python = installPython();
const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--config", "vitest.clients.config.ts", ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ONEKEY_CLIENTS_PYTHON: python ?? "" },
  },
);
process.exit(status ?? 1);

/** Installs what the lock file names, unless it is there. The agents' install scripts put their programs in place. */
function installPackages() {
  const mark = inClients("node_modules/.installed");
  const lock = readFileSync(inClients("package-lock.json"), "utf8");
  if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  writeFileSync(mark, lock);
}

/** The interpreter that has the Python packages; null, with one line, where there is no Python. */
function installPython() {
  if (spawnSync("python3", ["-c", "import venv"]).status !== 0) {
    console.log("Skipped: the Python SDKs. python3 with venv is not installed.");
    return null;
  }
  const interpreter = inClients(".venv/bin/python");
  const mark = inClients(".venv/.installed");
  const requirements = readFileSync(inClients("requirements.txt"), "utf8");
  if (existsSync(mark) && readFileSync(mark, "utf8") === requirements) return interpreter;
  run("python3", ["-m", "venv", ".venv"]);
  run(interpreter, ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"]);
  writeFileSync(mark, requirements);
  return interpreter;
}

function run(program, args) {
  const { status } = spawnSync(program, args, { cwd: clients, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${program} ${args.join(" ")} failed in e2e/clients.`);
    process.exit(1);
  }
}
