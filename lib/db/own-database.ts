import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { closeDatabase } from "./client";

/**
 * Gives the tests of a file a separate embedded database, prepared by `ensureIndexes`, and deletes it after them. Call it before
 * any `beforeAll` that uses the database.
 */
export function useOwnDatabase(ensureIndexes: () => Promise<unknown> = async () => {}): void {
  const dir = mkdtempSync(path.join(tmpdir(), "onekey-unit-"));
  beforeAll(async () => {
    vi.stubEnv("ONEKEY_DATA_DIR", dir);
    await ensureIndexes();
  });
  afterAll(async () => {
    await closeDatabase();
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true, force: true });
  });
}
