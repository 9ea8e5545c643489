import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: [
      "app/**/*.test.ts",
      "lib/**/*.test.ts",
      "sandbox/**/*.test.ts",
      "cli/**/*.test.ts",
      "server/**/*.test.ts",
      "packages/**/*.test.ts",
      "scripts/**/*.test.mjs",
    ],
    setupFiles: ["lib/db/testing/test-server.ts"],
    // Limits for what hangs, far from what a test takes on a busy machine. No test is retried.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    pool: "forks",
    // Most tests wait for a database, so that two cores have work for three.
    maxWorkers: 3,
  },
});
