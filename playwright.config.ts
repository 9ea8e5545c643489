import { defineConfig } from "@playwright/test";

/**
 * Playwright's own list, which the last switch of a name replaces, and three for the address bar: it has two pages, which a
 * browser with windows loads again for each page of a test.
 */
const DISABLED_FEATURES = [
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "WebUIOmniboxPopup",
];

export default defineConfig({
  testDir: "e2e/browser",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/browser/setup.ts",
  outputDir: "test-results",
  // Tests share the deployment but no account, and mostly wait: for mails, confirmations, timers. The long runs measure pages, one at a time.
  workers: process.env.ONEKEY_TEST_LONG ? 1 : 2,
  // All tests share the person signed in at the mock of Google: those tests take turns.
  projects: [
    { name: "sign-in", testMatch: "**/sign-in*.spec.ts", workers: 1 },
    // Opening a window costs more than most pages: these tests get the previous one's, cleared of what it kept.
    { name: "pages", testIgnore: "**/sign-in*.spec.ts", use: { reuseContext: true } },
  ],
  // Tests that look at every page in every way, or mostly wait, are in the long runs only.
  ...(process.env.ONEKEY_TEST_LONG ? {} : { grepInvert: /@long/ }),
  // Limits for what hangs, far from what a test takes on a busy machine.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  use: {
    screenshot: "only-on-failure",
    // Recording costs time: the workflow keeps the traces of failed tests, without a film of them.
    trace: process.env.CI
      ? { mode: "retain-on-failure", screenshots: false, sources: false }
      : "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--disable-features=${DISABLED_FEATURES.join(",")}`,
      ],
    },
  },
});
