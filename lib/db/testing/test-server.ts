import { randomBytes } from "node:crypto";
import { afterAll, vi } from "vitest";

// Set up for every unit test file: with ONEKEY_SANDBOX_MONGODB_URI (`npm run test:mongodb`) each file gets a new database on that
// server instead of an embedded one.
const server = process.env.ONEKEY_SANDBOX_MONGODB_URI;
if (server) {
  const uri = new URL(server);
  uri.pathname = `/onekey_unit_${randomBytes(6).toString("hex")}`;
  process.env.ONEKEY_SANDBOX_MONGODB_URI = uri.href;
  afterAll(async () => {
    vi.unstubAllEnvs();
    const { closeDatabase, database } = await import("../client");
    await (await database().catch(() => null))?.dropDatabase();
    await closeDatabase();
  });
}
