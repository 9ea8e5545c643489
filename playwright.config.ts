import { defineConfig } from "@playwright/test";

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
    { name: "pages", testIgnore: "**/sign-in*.spec.ts" },
  ],
  // Tests that look at every page in every way, or mostly wait, are in the long runs only.
  ...(process.env.ONEKEY_TEST_LONG ? {} : { grepInvert: /@long/ }),
  // Limits for what hangs, far from what a test takes on a busy machine.
  timeout: 120_000,
  expect: { timeout: 20_000 },
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
      ],
    },
  },
});
