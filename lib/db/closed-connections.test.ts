import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmbedded, type EmbeddedServer } from "@onekey/embedded-mongo";
import { endWaitsOfClosedConnections } from "./closed-connections";

const sockets = new Set<Socket>();
const watch = (message: unknown) => sockets.add((message as { socket: Socket }).socket);
let dir: string;
let server: EmbeddedServer;
let client: MongoClient;

beforeAll(async () => {
  endWaitsOfClosedConnections();
  dir = await mkdtemp(path.join(tmpdir(), "onekey-closed-"));
  server = await startEmbedded({ dir });
  subscribe("net.client.socket", watch);
  client = await new MongoClient(server.uri, { serverSelectionTimeoutMS: 5_000 }).connect();
});
afterAll(async () => {
  unsubscribe("net.client.socket", watch);
  await client.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

test("a command on a connection destroyed in the same instant ends; later ones work", async () => {
  const things = client.db("test").collection<{ _id: number; count: number }>("things");
  for (let round = 1; round <= 6; round++) {
    await Promise.all(Array.from({ length: 8 }, (_, i) => things.findOne({ _id: i })));
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    const writes = Array.from({ length: 8 }, (_, i) =>
      things.updateOne({ _id: i }, { $inc: { count: 1 } }, { upsert: true }),
    );
    const outcome = await Promise.race([Promise.allSettled(writes), sleep(5_000, "never")]);
    expect(outcome).not.toBe("never");
    expect(await things.findOne({ _id: 0 })).not.toBeNull();
  }
}, 60_000);
