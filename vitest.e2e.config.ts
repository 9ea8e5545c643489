import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: ["e2e/{gateway,docs,payments,security,faults}/**/*.test.ts"],
    globalSetup: ["e2e/support/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    // Three runners share two cores: a test that met a race there is tried once more, and `npm test` names it at its end.
    retry: 1,
    pool: "forks",
  },
});
