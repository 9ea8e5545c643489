import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import type { EmbeddedServer } from "@onekey/embedded-mongo";
import { closeDatabase } from "./client";
import { leaveSandbox } from "./testing/leave-sandbox";
import { interleavingSeed, isLiveMode, serverUri } from "./testing/test-conditions";

/**
 * Gives the tests of a file a separate embedded database, prepared by `ensureIndexes`, and deletes it after them. Call it before
 * any `beforeAll` that uses the database. In live mode, which takes no setting of the sandbox, `npm run test:mongodb` and the
 * interleaving mode are a MongoDB server to the tests.
 */
export function useOwnDatabase(ensureIndexes: () => Promise<unknown> = async () => {}): void {
  const dir = mkdtempSync(path.join(tmpdir(), "onekey-unit-"));
  let interleavedServer: EmbeddedServer | null = null;
  beforeAll(async () => {
    vi.stubEnv("ONEKEY_DATA_DIR", dir);
    if (isLiveMode() && interleavingSeed && !serverUri)
      interleavedServer = await startInterleaved(path.join(dir, "server"));
    const uri = interleavedServer?.uri ?? serverUri;
    if (isLiveMode() && uri) useServer(uri);
    await ensureIndexes();
  });
  afterAll(async () => {
    await closeDatabase();
    await interleavedServer?.close();
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true, force: true });
  });
}

async function startInterleaved(dir: string): Promise<EmbeddedServer> {
  const { startEmbedded } = await import("@onekey/embedded-mongo");
  return startEmbedded({ dir, interleaving: Number(interleavingSeed) });
}

function useServer(uri: string): void {
  leaveSandbox();
  vi.stubEnv("MONGODB_URI", uri);
  for (const name of ["KEY_PEPPER", "NEXTAUTH_SECRET"]) vi.stubEnv(name, "test".repeat(16));
}
