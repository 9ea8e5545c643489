import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded, type EmbeddedServer } from "@onekey/embedded-mongo";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase, database } from "./client";

let dir: string;
let server: EmbeddedServer;
/** What a server says of itself, but for the name of its replica set: it is a standalone server to the driver. */
let standalone: Server;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-standalone-"));
  server = await startEmbedded({ dir });
  const socketPath = decodeURIComponent(new URL(server.uri).host);
  standalone = createServer((client) => {
    const upstream = connect(socketPath);
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      for (let at = chunk.indexOf("setName"); at >= 0; at = chunk.indexOf("setName", at + 1))
        chunk.write("setNone", at);
      client.write(chunk);
    });
    upstream.on("error", () => {}).on("close", () => client.destroy());
    client.on("error", () => {}).on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => void standalone.listen(0, "127.0.0.1", resolve));
  const { port } = standalone.address() as AddressInfo;
  vi.stubEnv("ONEKEY_SANDBOX_INTERLEAVING", "");
  vi.stubEnv(
    "ONEKEY_SANDBOX_MONGODB_URI",
    `mongodb://127.0.0.1:${port}/onekey?directConnection=true`,
  );
});
afterAll(async () => {
  await closeDatabase().catch(() => {});
  standalone.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

test("a standalone server is refused by name, with what to do, before anything is written", async () => {
  await expect(database()).rejects.toThrow(
    "MONGODB_URI names a standalone server. OneKey needs a replica set, of one member at least",
  );
});
