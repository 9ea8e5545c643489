import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Real clients, from the packages of e2e/clients: `npm run test:clients`. */
export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: ["e2e/clients/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    pool: "forks",
  },
});
