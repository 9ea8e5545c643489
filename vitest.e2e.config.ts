import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: ["e2e/{gateway,docs,payments,security,faults}/**/*.test.ts"],
    globalSetup: ["e2e/support/setup.ts"],
    setupFiles: ["lib/db/testing/test-server.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    // Failed end-to-end tests are retried once, and `npm test` names them at its end.
    retry: 1,
    pool: "forks",
  },
});
