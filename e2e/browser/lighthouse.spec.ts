import { chromium } from "@playwright/test";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { freePort, launch, ROOT, waitForHealth, type LaunchedProcess } from "../support/processes";
import { expect, test } from "./fixtures";

const PAGES = [
  "/",
  "/security",
  "/pricing",
  "/models",
  "/docs",
  "/docs/api/chat-completions",
  "/status",
];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const MIN_SCORE = 95;
/** Other work on the machine can only slow a page down, so the best of so many runs counts. */
const RUNS = 3;
/**
 * Lighthouse slows the processor down four times, which makes a mid-tier phone of a fast desktop (a benchmark index of
 * 1,500 and more). A slower machine is slowed down by so much less, as Lighthouse's guide to throttling has it.
 */
const SLOWDOWN = 4;
const FAST_MACHINE = 1500;

type PageMeasurement = { scores: Record<string, number>; benchmark: number };

// It takes minutes, so only `npm run test:long` runs it.
if (process.env.ONEKEY_TEST_LONG !== undefined) {
  let origin = "";
  let running: LaunchedProcess[] = [];
  let dataDir = "";

  /** In live mode, because the sandbox asks not to be indexed. */
  test.beforeAll(async () => {
    if (!existsSync(path.join(ROOT, "e2e/lighthouse/node_modules")))
      throw new Error("Lighthouse is not installed. Run npm ci in e2e/lighthouse first.");
    dataDir = await mkdtemp(path.join(tmpdir(), "onekey-lighthouse-"));
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const environment = {
      ONEKEY_MODE: "live",
      CONTACT_EMAIL: "help@example.com",
      ONEKEY_DATA_DIR: dataDir,
      HOST: "127.0.0.1",
      PORT: String(port),
      NEXTAUTH_URL: origin,
      OPENAI_API_KEY: "sk-test",
      OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
    };
    running = [await launch({ script: "dist/database.js", environment, ready: /"ready":true/ })];
    running.push(await launch({ script: "dist/server.js", environment }));
    await waitForHealth(origin);
  });

  test.afterAll(async () => {
    for (const process of running.toReversed()) await process.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test.describe.configure({ timeout: 600_000 });

  for (const page of PAGES) {
    test(`Lighthouse gives ${page} at least ${MIN_SCORE} in every category`, async ({
      request,
    }) => {
      expect((await request.get(origin + page)).status()).toBe(200);
      const best: Record<string, number> = {};
      let slowdown = SLOWDOWN;
      for (
        let run = 0;
        run < RUNS && !CATEGORIES.every((name) => (best[name] ?? 0) >= MIN_SCORE);
        run++
      ) {
        const { scores, benchmark } = await measure(origin + page, slowdown);
        for (const name of CATEGORIES) best[name] = Math.max(best[name] ?? 0, scores[name] ?? 0);
        console.log(
          `${page}: ${CATEGORIES.map((name) => `${name} ${scores[name]}`).join(", ")} (processor ${slowdown.toFixed(1)} times slower, benchmark index ${benchmark})`,
        );
        slowdown = Math.min(SLOWDOWN, Math.max(1, (SLOWDOWN * benchmark) / FAST_MACHINE));
      }
      for (const name of CATEGORIES)
        expect(best[name], `${page} ${name}`).toBeGreaterThanOrEqual(MIN_SCORE);
    });
  }
}

/** The scores of one run, 0 to 100, as on a phone with a slow connection. */
async function measure(url: string, cpuSlowdown: number): Promise<PageMeasurement> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
  });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      path.join(ROOT, "e2e/lighthouse/measure.mjs"),
      url,
      String(port),
      String(cpuSlowdown),
    ]);
    return JSON.parse(stdout) as PageMeasurement;
  } finally {
    await browser.close();
  }
}
