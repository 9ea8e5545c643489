// `npm run soak -- --minutes N [--seed S]`: mixed load with random faults, and the invariants checked all along.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, root } from "./build.mjs";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } },
});
if (!(Number(values.minutes) > 0) || (values.seed !== undefined && !/^\d+$/.test(values.seed))) {
  console.error("Usage: npm run soak -- --minutes N [--seed S]");
  process.exit(2);
}
await build();
const { PATH, HOME, TMPDIR } = process.env;
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "-c",
    "vitest.e2e.config.ts",
    "e2e/faults/soak.test.ts",
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      PATH,
      HOME,
      TMPDIR,
      NEXT_TELEMETRY_DISABLED: "1",
      ONEKEY_SOAK_MINUTES: values.minutes,
      ...(values.seed === undefined ? {} : { ONEKEY_SOAK_SEED: values.seed }),
    },
  },
);
process.exit(status ?? 1);
