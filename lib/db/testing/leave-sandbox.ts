import { vi } from "vitest";

/** Settings that a server in live mode refuses to start with. `npm run test:mongodb` and the interleaving mode set them. */
const SANDBOX_SETTINGS = [
  "ONEKEY_SANDBOX_INTERLEAVING",
  "ONEKEY_SANDBOX_MONGODB_URI",
  "ONEKEY_SANDBOX_RECORD_COMMANDS",
];

/** For tests of live mode: the settings of the sandbox are not set, until `vi.unstubAllEnvs`. */
export function leaveSandbox(): void {
  for (const name of SANDBOX_SETTINGS) vi.stubEnv(name, "");
}
