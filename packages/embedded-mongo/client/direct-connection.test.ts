import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { ResponseLostError, openDirect, type DirectConnection } from "./direct-connection";
import { startEmbedded, type EmbeddedServer } from "../embedded-server";
import { socketPathOf } from "./location";

const dir = mkdtempSync(path.join(tmpdir(), "onekey-direct-"));
let direct: DirectConnection | null = null;
let server: { close(): unknown } | null = null;

afterEach(async () => {
  direct?.close();
  await server?.close();
  [direct, server] = [null, null];
  rmSync(dir, { recursive: true, force: true });
});

const untilOpen = (connection: DirectConnection) =>
  expect.poll(() => connection.isOpen(), { interval: 2 }).toBe(true);

/** Something at the server's address that takes commands and does as it likes. */
async function startImpostor(respond: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) =>
    socket.on("error", () => {}).once("data", () => respond(socket)),
  );
  await new Promise<void>((resolve) => server.listen(socketPathOf(dir), resolve));
  return server;
}

test("parallel commands each get their own reply, long ones and errors too", async () => {
  server = await startEmbedded({ dir });
  direct = openDirect((server as EmbeddedServer).socketPath);
  await untilOpen(direct);
  const long = "x".repeat(300_000);
  const replies = await Promise.all([
    direct.run({ insert: "notes", documents: [{ _id: 1, long }], $db: "test" }),
    direct.run({ find: "notes", filter: { _id: 1 }, $db: "test" }),
    direct.run({ nonsense: 1, $db: "test" }),
    direct.run({
      update: "notes",
      updates: [{ q: { _id: 1 }, u: { $set: { long: "" } } }],
      $db: "test",
    }),
    direct.run({ count: "notes", query: { long: "" }, $db: "test" }),
  ]);
  expect(replies).toMatchObject([
    { ok: 1, n: 1 },
    { ok: 1, cursor: { firstBatch: [{ _id: 1, long }] } },
    { ok: 0, codeName: "CommandNotFound" },
    { ok: 1, n: 1, nModified: 1 },
    { ok: 1, n: 1 },
  ]);
});

function emptyReplyTo(id: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(header.length, 0);
  header.writeInt32LE(id, 8);
  return header;
}

test.each([
  ["closes the connection", (socket: Socket) => void socket.destroy()],
  ["is silent", () => {}],
  [
    "replies with bytes that are no message",
    (socket: Socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
  ],
  ["replies with an empty message", (socket: Socket) => void socket.write(emptyReplyTo(1))],
])("a command ends when the server %s, and the next one succeeds", async (_, respond) => {
  server = await startImpostor(respond);
  direct = openDirect(socketPathOf(dir), { silenceMs: 200 });
  await untilOpen(direct);
  const outcomes = await Promise.allSettled([
    direct.run({ ping: 1, $db: "admin" }),
    direct.run({ ping: 1, $db: "admin" }),
  ]);
  expect(
    outcomes.map(
      (outcome) => outcome.status === "rejected" && outcome.reason instanceof ResponseLostError,
    ),
  ).toEqual([true, true]);
  expect(direct.isOpen()).toBe(false);
  await server.close();
  server = await startEmbedded({ dir });
  await untilOpen(direct);
  expect(await direct.run({ ping: 1, $db: "admin" })).toEqual({ ok: 1 });
});

test("a connection that was idle for long still works", async () => {
  server = await startEmbedded({ dir });
  direct = openDirect((server as EmbeddedServer).socketPath, { silenceMs: 50 });
  await untilOpen(direct);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(direct.isOpen()).toBe(true);
  expect(await direct.run({ ping: 1, $db: "admin" })).toEqual({ ok: 1 });
});
