// Finds a Chromium for the browser tests, or installs one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";

const PLAYWRIGHT = path.join(root, "node_modules/@playwright/test/cli.js");
export const ADVICE =
  "No Chromium was found or could be installed: install it with apt-get install chromium, or set CHROMIUM_PATH.";

/** What this machine is like; a test says otherwise. */
async function machine() {
  const { chromium } = await import("@playwright/test");
  return {
    named: process.env.CHROMIUM_PATH,
    // The shell first: it draws the same pages without a browser's window around each.
    system: ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"].map(
      (name) => `/usr/bin/${name}`,
    ),
    own: chromium.executablePath(),
    exists: existsSync,
    isRoot: process.getuid?.() === 0,
    run: (command, args, env = {}) =>
      spawnSync(command, args, {
        stdio: ["ignore", "ignore", "inherit"],
        cwd: root,
        env: { ...process.env, ...env },
      }).status === 0,
  };
}

/**
 * The path of a Chromium: the one named, the system's, Playwright's own, or one installed now: the distribution's where apt can
 * be used, else Playwright's. Null when none can be had.
 */
export async function findChromium(host) {
  const {
    named: namedPath,
    system,
    own: bundledPath,
    exists,
    isRoot,
    run,
  } = host ?? (await machine());
  const any = () =>
    [namedPath, ...system, bundledPath].find((place) => place && exists(place)) ?? null;
  const browser = any();
  if (browser !== null) return browser;
  console.log("No Chromium found; installing one …");
  if (isRoot && exists("/usr/bin/apt-get")) {
    const quiet = { DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update"], quiet);
    for (const name of ["chromium-headless-shell", "chromium"]) {
      run("apt-get", ["install", "-y", "--no-install-recommends", name], quiet);
      if (any() !== null) return any();
    }
  }
  run(process.execPath, [PLAYWRIGHT, "install", "chromium"]);
  return any();
}
