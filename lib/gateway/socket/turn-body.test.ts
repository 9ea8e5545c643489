import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { unframe } from "./frames";
import { createTurnBody } from "./turn-body";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
beforeAll(async () => {
  if (server.address() === null) await once(server, "listening");
});
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

/** A provider's end and ours of one socket. */
async function openPair() {
  const connected = once(server, "connection") as Promise<[WebSocket]>;
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, "open");
  const [provider] = await connected;
  return { provider, socket };
}

test("a turn that nobody reads stops its provider's socket at 64 KiB, and reading starts it again", async () => {
  const { provider, socket } = await openPair();
  const body = createTurnBody(socket);
  let arrivedCount = 0;
  socket.on("message", (message: Buffer) => {
    arrivedCount++;
    body.push(message);
  });
  const messages = Array.from({ length: 4_000 }, (_, i) => Buffer.alloc(4_096, `${i} `));
  for (const message of messages) provider.send(message, { binary: false });
  while (!socket.isPaused) await once(socket, "message");
  // What one chunk of the connection brought may still come.
  await new Promise((resolve) => setImmediate(resolve));
  expect(arrivedCount).toBeLessThan(messages.length / 4);
  for (const message of messages) {
    const chunk = await body.read();
    if (chunk === null) throw new Error("The turn ended.");
    expect(Buffer.compare(Buffer.from(unframe(chunk)), message)).toBe(0);
  }
  expect(socket.isPaused).toBe(false);
  expect(arrivedCount).toBe(messages.length);
});

test("a turn that is stopped ends its provider's socket", async () => {
  const { provider, socket } = await openPair();
  const body = createTurnBody(socket);
  socket.on("message", body.push);
  provider.send("one", { binary: false });
  await body.read();
  const closed = once(provider, "close");
  body.stop();
  await expect(Promise.resolve().then(() => body.read())).rejects.toThrow();
  await closed;
});
