// Builds what is missing or older than its sources: the bundles in dist/ and Next's pages in .next/.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const inRoot = (...names) => path.join(root, ...names);

const commonInputs = ["lib", "packages", "package-lock.json", "tsconfig.json", "scripts/build.mjs"];
const configs = ["next.config.ts", "postcss.config.mjs", "proxy.ts", "mdx-components.tsx"];
/** Each is built when the hash of its sources is not the one that `mark` keeps: a checkout changes times and nothing else. */
const bundles = {
  sources: [...commonInputs, "server", "cli", "sandbox"],
  mark: inRoot("dist", ".sources"),
  build: buildBundles,
};
const pages = {
  sources: [...commonInputs, ...configs, "app", "components", "public"],
  mark: inRoot(".next", ".sources"),
  build: buildPages,
};

/** The processes, by the name of their bundle. */
const entries = {
  server: "server/index.ts",
  supervisor: "server/supervisor/index.ts",
  cli: "cli/index.ts",
  // Its commands, for tests that run many of them in one process.
  commands: "cli/commands.ts",
  database: "cli/database.ts",
  sandbox: "sandbox/index.ts",
};

/**
 * Packages come into the bundles, so that a process starts without reading a thousand files. Outside stay what is compiled for
 * a machine, what starts the pages, the database driver, which tests reach into, and what it and others take where it is installed.
 */
const EXTERNAL = [
  "lmdb",
  "next",
  "mongodb",
  "bson",
  "kerberos",
  "snappy",
  "aws4",
  "socks",
  "gcp-metadata",
  "mongodb-client-encryption",
  "@mongodb-js/zstd",
  "@aws-sdk/credential-providers",
  "bufferutil",
  "utf-8-validate",
];

/** The driver loads `bson` as CommonJS. As a module it would be loaded twice, with 18 MB of buffers more that V8 counts. */
const driversBson = {
  name: "drivers-bson",
  setup(build) {
    build.onResolve({ filter: /^bson$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "bson", namespace: "drivers-bson" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "drivers-bson" }, () => ({
      contents: 'module.exports = require("bson")',
    }));
  },
};

/** Thrown for what the reader can fix; the caller prints only the message. */
export class BuildError extends Error {}

/** Builds the bundles, and the pages unless `pages` is false. Says what it does on stderr, never on stdout. */
export async function build(options = {}) {
  if (!existsSync(inRoot("node_modules", "esbuild")))
    throw new BuildError("The packages are not installed. Run npm ci first.");
  for (const target of options.pages === false ? [bundles] : [bundles, pages]) {
    const hash = hashOf(target.sources);
    const isBuilt = () => readIfExists(target.mark) === hash;
    if (isBuilt()) continue;
    await oneAtATime(async () => {
      if (isBuilt()) return;
      rmSync(target.mark, { force: true });
      await target.build();
      writeFileSync(target.mark, hash);
    });
  }
}

/** Whether the pages are those of their sources. */
export const arePagesBuilt = () => readIfExists(pages.mark) === hashOf(pages.sources);

async function buildBundles() {
  const esbuild = await import("esbuild");
  // A file named *.worker.ts becomes dist/*.worker.js, next to the bundles that start it.
  const workers = ["lib", "server", "packages"]
    .flatMap(filesUnder)
    .filter((file) => file.endsWith(".worker.ts"))
    .map((file) => [path.basename(file, ".ts"), file]);
  rmSync(inRoot("dist"), { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...Object.entries(entries), ...workers].map(([out, source]) => ({
      in: source,
      out,
    })),
    outdir: "dist",
    bundle: true,
    // What is imported by `import()` is loaded only where it is used.
    splitting: true,
    chunkNames: "chunk-[hash]",
    external: EXTERNAL,
    // Packages in the older module format ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as $require } from "node:module"; const require = $require(import.meta.url);',
    },
    alias: { "@": root },
    plugins: [driversBson],
    platform: "node",
    format: "esm",
    target: "node20.19",
    sourcemap: true,
    logLevel: "warning",
  });
  say("Built the bundles.");
}

function buildPages() {
  say("Building the pages …");
  const { PATH, HOME, TMPDIR, LANG, SystemRoot } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inRoot("node_modules/next/dist/bin/next"), "build"],
    {
      cwd: root,
      // One build serves both modes, so no setting may reach it.
      env: {
        PATH,
        HOME,
        TMPDIR,
        LANG,
        SystemRoot,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        ONEKEY_DATA_DIR: inRoot("dist", ".build-data"),
      },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new BuildError(`${stdout}${stderr}The pages could not be built.`);
  say("Built the pages.");
}

function hashOf(sources) {
  const hash = createHash("sha256").update(process.versions.node);
  // Tests and prose are in no build.
  for (const file of sources.flatMap(filesUnder))
    if (!/\.(test\.tsx?|md)$/.test(file))
      hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  return hash.digest("hex");
}

function filesUnder(name) {
  if (!existsSync(inRoot(name))) return [];
  if (!statSync(inRoot(name)).isDirectory()) return [name];
  return readdirSync(inRoot(name))
    .filter((child) => child !== "node_modules")
    .sort()
    .flatMap((child) => filesUnder(path.posix.join(name, child)));
}

/** Several commands that start together build one after the other. A lock whose process has ended is removed. */
async function oneAtATime(work) {
  const lock = inRoot("node_modules", ".build.lock");
  for (let isWaiting = false; ; isWaiting = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!isRunning(Number(readIfExists(lock)))) rmSync(lock, { force: true });
    else if (!isWaiting) say("Another process is building; waiting for it …");
    await delay(250);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isRunning(pid) {
  try {
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function readIfExists(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const say = (line) => process.stderr.write(`${line}\n`);

if (process.argv[1] === fileURLToPath(import.meta.url))
  await build().catch((error) => {
    say(error instanceof BuildError ? error.message : String(error?.stack ?? error));
    process.exit(1);
  });
