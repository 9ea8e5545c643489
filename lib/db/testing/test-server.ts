import { randomBytes } from "node:crypto";
import { afterAll } from "vitest";

// Set up for every test file: with ONEKEY_SANDBOX_MONGODB_URI (`npm run test:mongodb`) a file whose tests open a database gets a
// new database on that server instead of an embedded one.
const server = process.env.ONEKEY_SANDBOX_MONGODB_URI;
if (server) {
  const uri = new URL(server);
  uri.pathname = `/onekey_unit_${randomBytes(6).toString("hex")}`;
  process.env.ONEKEY_SANDBOX_MONGODB_URI = uri.href;
  afterAll(async () => {
    // Loading it takes longer than many a file's tests.
    const { MongoClient } = await import("mongodb");
    const client = new MongoClient(uri.href);
    await client.db().dropDatabase();
    await client.close();
  });
}
