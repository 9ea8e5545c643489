import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const { ONEKEY_TEST_LONG, ONEKEY_SOAK_MINUTES } = process.env;
const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: ["e2e/{gateway,docs,payments,security,faults}/**/*.test.ts"],
    // Load with random faults: in the long runs and `npm run soak`.
    exclude: ONEKEY_TEST_LONG || ONEKEY_SOAK_MINUTES ? [] : ["e2e/faults/soak.test.ts"],
    globalSetup: ["e2e/support/setup.ts"],
    setupFiles: ["lib/db/testing/test-server.ts"],
    // Limits for what hangs, far from what a test takes on a busy machine. No test is retried.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    pool: "forks",
  },
});
