// Builds what is missing or older than its sources: the esbuild bundles in dist/ and Next's pages in .next/.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.join(root, "dist");
const stampFile = path.join(dist, ".stamp.json");
const lockFile = path.join(dist, ".lock");

const shared = ["lib", "packages", "package-lock.json", "tsconfig.json", "scripts/build.mjs"];
const bundleSources = [...shared, "server", "cli", "sandbox"];
const pageSources = [
  ...shared,
  "app",
  "components",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "mdx-components.tsx",
];

/** Entry points of the processes, by the name of their bundle. Those that do not exist are left out. */
const entries = {
  server: "server/index.ts",
  cli: "cli/index.ts",
  database: "cli/database.ts",
  sandbox: "sandbox/index.ts",
  env: "lib/env/index.ts",
};

/**
 * Packages come into the bundles, so that a process starts without reading a thousand files. Outside stay what is compiled for
 * a machine, what starts the pages, the database driver, which tests reach into, and what it and others take where it is installed.
 */
const LEFT_OUTSIDE = [
  ...["lmdb", "next", "mongodb", "bson"],
  ...["kerberos", "snappy", "aws4", "socks", "gcp-metadata", "mongodb-client-encryption"],
  ...["@mongodb-js/zstd", "@aws-sdk/credential-providers", "bufferutil", "utf-8-validate"],
];

/** `pages: false` builds the bundles alone. Says what it does on stderr, never on stdout. */
export async function build({ pages = true, force = false } = {}) {
  if (!existsSync(path.join(root, "node_modules", "esbuild")))
    fail("The packages are not installed: run npm ci first.");
  mkdirSync(dist, { recursive: true });
  // Fingerprints of what is built; a fresh build costs only the reading of the sources.
  const want = {
    bundles: fingerprint(bundleSources),
    pages: pages ? fingerprint(pageSources) : null,
  };
  if (!force && isFresh(want)) return;
  await withLock(async () => {
    const done = force ? {} : readStamp();
    if (done.bundles !== want.bundles || !hasBundles()) {
      await bundle();
      saveStamp({ bundles: want.bundles });
    }
    if (pages && (force || done.pages !== want.pages || !hasPages())) {
      buildPages();
      saveStamp({ pages: want.pages });
    }
  });
}

function isFresh(want) {
  const done = readStamp();
  if (done.bundles !== want.bundles || !hasBundles()) return false;
  return want.pages === null || (done.pages === want.pages && hasPages());
}

const hasPages = () => existsSync(path.join(root, ".next", "BUILD_ID"));
const present = () =>
  Object.entries(entries).filter(([, source]) => existsSync(path.join(root, source)));
const hasBundles = () => present().every(([name]) => existsSync(path.join(dist, `${name}.js`)));

/** A file named *.worker.ts becomes dist/*.worker.js, beside the bundles that start it. */
function workers() {
  return ["lib", "server"]
    .flatMap(walk)
    .filter((file) => file.endsWith(".worker.ts"))
    .map((file) => [path.basename(file, ".ts"), file]);
}

async function bundle() {
  const started = performance.now();
  const esbuild = await import("esbuild");
  for (const name of readdirSync(dist))
    if (name.startsWith("chunk-")) rmSync(path.join(dist, name));
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...present(), ...workers()].map(([out, source]) => ({ in: source, out })),
    outdir: "dist",
    bundle: true,
    // What is imported by `import()` is loaded by those alone that come to it.
    splitting: true,
    chunkNames: "chunk-[hash]",
    external: LEFT_OUTSIDE,
    // Packages in the older module format ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as $require } from "node:module"; const require = $require(import.meta.url);',
    },
    alias: { "@": root },
    platform: "node",
    format: "esm",
    target: "node20.19",
    sourcemap: true,
    logLevel: "warning",
  });
  say(`Bundled the server, the CLI and the database in ${seconds(started)}.`);
}

function buildPages() {
  if (!existsSync(path.join(root, "app"))) return;
  const started = performance.now();
  say("Building the pages …");
  const { PATH, HOME, TMPDIR, LANG, SystemRoot } = process.env;
  // One build serves both modes, so nothing of the environment may end up in it.
  const env = {
    PATH,
    HOME,
    TMPDIR,
    LANG,
    SystemRoot,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    ONEKEY_DATA_DIR: path.join(dist, ".build-data"),
  };
  const result = spawnSync(
    process.execPath,
    [path.join(root, "node_modules/next/dist/bin/next"), "build"],
    {
      cwd: root,
      env,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
    fail("The pages could not be built.");
  }
  say(`Built the pages in ${seconds(started)}.`);
}

function fingerprint(sources) {
  const hash = createHash("sha256").update(process.versions.node);
  for (const file of sources.flatMap(walk)) {
    // Tests and prose are in no build.
    if (/\.(test\.tsx?|md)$/.test(file)) continue;
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

function walk(name) {
  const full = path.join(root, name);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [name];
  return readdirSync(full)
    .sort()
    .flatMap((child) => walk(path.posix.join(name, child)));
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

function saveStamp(part) {
  writeFileSync(stampFile, JSON.stringify({ ...readStamp(), ...part }));
}

/** Two commands started at once must not build into the same directories. */
async function withLock(work) {
  for (let waited = false; !takeLock();) {
    if (!waited) say("Another process is building; waiting for it …");
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  try {
    await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = Number(readIfThere(lockFile));
    if (owner > 0 && !isAlive(owner)) rmSync(lockFile, { force: true });
    return false;
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

const say = (line) => process.stderr.write(`${line}\n`);
const seconds = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/** Thrown for what the reader can put right; the caller prints the message alone. */
export class BuildError extends Error {}

function fail(message) {
  throw new BuildError(message);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build({ force: process.argv.includes("--force") }).catch((error) => {
    say(error instanceof BuildError ? error.message : String(error?.stack ?? error));
    process.exit(1);
  });
}
