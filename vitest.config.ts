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
      "scripts/**/*.test.mjs",
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
  },
});
