import { mkdtemp, mkdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Binary, BSON, Timestamp, Long, MongoClient, ObjectId, UUID, type Document } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedUri } from "../client/location";
import { startEmbedded, type EmbeddedServer } from "../embedded-server";
import { messageOf, sendBytes, sendRaw } from "../client/raw-client";

let dir: string;
let server: EmbeddedServer;
let client: MongoClient;
type TestDocument = Document & { _id: number };
const things = (name: string) => client.db("test").collection<TestDocument>(name);

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-wire-"));
  server = await startEmbedded({ dir });
  client = await new MongoClient(server.uri).connect();
});
afterAll(async () => {
  await client.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

/** A message of that many bytes, with an opcode and whatever follows. */
function bytesOf(size: number, opcode: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(size, 0);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, payload]);
}

test("bytes that are no message close their connection and no other", async () => {
  const ping = messageOf({ ping: 1, $db: "admin" });
  const brokenMessage = Buffer.from(ping);
  brokenMessage.writeInt32LE(1_000_000, 21);
  const garbage = Buffer.from(ping);
  garbage[25] = 0x7e;
  const flaggedMessage = Buffer.from(ping);
  flaggedMessage.writeUInt32LE(4, 16);
  const bad = [
    Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    Buffer.alloc(64, 255),
    bytesOf(16, 2013),
    bytesOf(26, 2013, Buffer.alloc(10)),
    bytesOf(16, 99),
    bytesOf(48_000_001, 2013, Buffer.alloc(100)),
    bytesOf(-5, 2013, Buffer.alloc(100)),
    bytesOf(40, 2004, Buffer.alloc(24, 1)),
    brokenMessage,
    garbage,
    flaggedMessage,
    messageOf(
      BSON.deserialize(
        Buffer.from([20, 0, 0, 0, 16, 95, 95, 112, 114, 111, 116, 111, 95, 95, 0, 1, 0, 0, 0, 0]),
      ),
    ),
  ];
  for (const [i, bytes] of bad.entries())
    expect(await sendBytes(server.socketPath, bytes), `bad message ${i}`).toHaveLength(0);
  // A message that is cut off by its sender's end.
  const { connect } = await import("node:net");
  await new Promise<void>((resolve) => {
    const socket = connect(server.socketPath, () => socket.end(ping.subarray(0, 20)));
    socket.on("close", () => resolve()).resume();
  });
  expect(await sendRaw(server.socketPath, { ping: 1, $db: "admin" })).toMatchObject({ ok: 1 });
});

test("messages are read in pieces and several at a time", async () => {
  const { connect } = await import("node:net");
  const ping = messageOf({ ping: 1, $db: "admin" });
  const { length } = await sendBytes(server.socketPath, ping);
  const replyBytes = await new Promise<number>((resolve) => {
    let bytes = 0;
    const socket = connect(server.socketPath, async () => {
      for (const byte of ping) {
        socket.write(Buffer.from([byte]));
        await new Promise((next) => setImmediate(next));
      }
      socket.write(Buffer.concat([ping, ping]));
    });
    socket.on("data", (data: Buffer) => {
      bytes += data.length;
      if (bytes >= 3 * length) socket.destroy();
    });
    socket.on("close", () => resolve(bytes));
  });
  expect(length).toBeGreaterThan(21);
  expect(replyBytes).toBe(3 * length);
});

test("unknown and unsupported commands fail with MongoDB's codes", async () => {
  const codeOf = async (command: Document) =>
    (await sendRaw(server.socketPath, { ...command, $db: "test" })).code as number | undefined;
  expect(await codeOf({ nonsense: 1 })).toBe(59);
  expect(await codeOf({ constructor: 1 })).toBe(59);
  expect(await codeOf({ find: "x", filter: 5 })).toBe(14);
  expect(await codeOf({ find: 5 })).toBe(73);
  expect(await codeOf({ insert: "x", documents: [] })).toBe(16);
  expect(
    await codeOf({
      insert: "x",
      documents: [{ a: 1 }],
      lsid: { id: new UUID() },
      txnNumber: Long.fromNumber(1),
      autocommit: false,
      startTransaction: true,
    }),
  ).toBe(238);
  expect(await codeOf({ commitTransaction: 1 })).toBe(238);
  expect(await codeOf({ insert: "x", documents: [{ a: 1 }], writeConcern: { w: 3 } })).toBe(100);
  expect(await codeOf({ aggregate: "x", pipeline: [{ $changeStream: {} }], cursor: {} })).toBe(238);
  expect(await codeOf({ create: "v", validator: { a: 1 } })).toBe(238);
  expect(await codeOf({ createIndexes: "x", indexes: [{ name: "t", key: { a: "text" } }] })).toBe(
    238,
  );
  expect(await codeOf({ listIndexes: "nowhere" })).toBe(26);
});

test("a document over 16 MB is rejected, one just below comes back complete", async () => {
  const big = things("big");
  const text = "x".repeat(15 * 1024 * 1024);
  await big.insertOne({ _id: 1, text });
  expect((await big.findOne({ _id: 1 }))?.text).toBe(text);
  const grow = big.updateOne({ _id: 1 }, { $set: { more: "y".repeat(2 * 1024 * 1024) } });
  await expect(grow).rejects.toMatchObject({ code: 10334 });
  expect(await big.findOne({ _id: 1 }, { projection: { text: 0 } })).toEqual({ _id: 1 });
});

test("a cursor returns every document once, in batches, until it is killed", async () => {
  const manyThings = things("many");
  await manyThings.insertMany(Array.from({ length: 1_000 }, (_, i) => ({ _id: i })));
  const ids: unknown[] = [];
  for await (const doc of manyThings.find().sort({ _id: 1 }).batchSize(64)) {
    ids.push(doc._id);
    // What is written meanwhile does not disturb it.
    if (ids.length === 100) await manyThings.deleteMany({ _id: { $gte: 900 } });
  }
  expect(ids).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  const send = (command: Document) => sendRaw(server.socketPath, { ...command, $db: "test" });
  const first = await send({ find: "many", batchSize: 0 });
  expect(first.cursor.firstBatch).toEqual([]);
  const id = Long.fromNumber(Number(first.cursor.id));
  expect(
    (await send({ getMore: id, collection: "many", batchSize: 5 })).cursor.nextBatch,
  ).toHaveLength(5);
  expect(await send({ killCursors: "many", cursors: [id] })).toMatchObject({
    cursorsKilled: [Number(id)],
  });
  expect(await send({ getMore: id, collection: "many" })).toMatchObject({ ok: 0, code: 43 });
  const single = await send({ find: "many", batchSize: 5, singleBatch: true });
  expect([single.cursor.firstBatch.length, Number(single.cursor.id)]).toEqual([5, 0]);
});

test("every type survives an update and a restart", async () => {
  const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-types-"));
  const doc = {
    _id: new ObjectId(),
    at: new Date("2024-02-29T12:00:00.123Z"),
    bytes: new Binary(Buffer.from([1, 2, 3])),

    uuid: new UUID(),
    big: Long.fromString("9007199254740993"),
    stamp: new Timestamp({ t: 5, i: 1 }),

    nothing: null,
    half: 0.5,
    integer: 5,
    wide: 2 ** 52,
    negative: -0,
    yes: true,
    text: "ü€😀",
    empty: {},
    none: [],
    pattern: /a.b/i,
    deep: { list: [1, { two: [null, "x"] }] },
  };
  const check = async (
    to: EmbeddedServer,
    run: (found: Document | null) => void,
    prepare: boolean,
  ) => {
    const ownClient = await new MongoClient(to.uri).connect();
    const types = ownClient.db("d").collection("types");
    if (prepare) {
      await types.insertOne(doc);
      run(await types.findOne({ _id: doc._id }));
      await types.updateOne({ _id: doc._id }, { $set: { touched: 1 } });
      await types.updateOne({ _id: doc._id }, { $unset: { touched: "" } });
    }
    run(await types.findOne({ _id: doc._id }));
    await ownClient.close();
  };
  const first = await startEmbedded({ dir: ownDir });
  await check(first, (result) => expect(result).toEqual(doc), true);
  await first.close();
  const second = await startEmbedded({ dir: ownDir });
  await check(second, (result) => expect(result).toEqual(doc), false);
  await second.close();
  await rm(ownDir, { recursive: true, force: true });
});

test("only this user may open the socket, and its path is always short", async () => {
  const mode = async (file: string) => (await stat(file)).mode & 0o777;
  expect(await mode(server.socketPath)).toBe(0o600);
  const deep = path.join(dir, "d".repeat(60), "e".repeat(60));
  await mkdir(deep, { recursive: true });
  const deepServer = await startEmbedded({ dir: deep });
  expect(Buffer.byteLength(deepServer.socketPath)).toBeLessThan(104);
  expect(await mode(path.dirname(deepServer.socketPath))).toBe(0o700);
  expect(embeddedUri(deep)).toBe(deepServer.uri);
  const deepClient = await new MongoClient(embeddedUri(deep)).connect();
  expect(await deepClient.db("d").command({ ping: 1 })).toMatchObject({ ok: 1 });
  await deepClient.close();
  await deepServer.close();
  await rm(path.dirname(deepServer.socketPath), { recursive: true, force: true });
});

test("indexes are created once, listed, rejected on a conflict, and dropped", async () => {
  const indexedThings = things("indexed");
  await indexedThings.createIndex({ a: 1 });
  await indexedThings.createIndex({ a: 1 });
  await expect(indexedThings.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
    code: 85,
  });
  await expect(indexedThings.createIndex({ b: 1 }, { name: "a_1" })).rejects.toMatchObject({
    code: 86,
  });
  await indexedThings.insertMany([
    { _id: 1, b: 1 },
    { _id: 2, b: 1 },
  ]);
  await expect(indexedThings.createIndex({ b: 1 }, { unique: true })).rejects.toMatchObject({
    code: 11000,
    message: "E11000 duplicate key error collection: test.indexed index: b_1 dup key: { b: 1 }",
  });
  expect((await indexedThings.indexes()).map((index) => index.name)).toEqual(["_id_", "a_1"]);
  await indexedThings.dropIndex("a_1");
  await expect(indexedThings.dropIndex("a_1")).rejects.toMatchObject({ code: 27 });
  await expect(indexedThings.dropIndex("_id_")).rejects.toMatchObject({ code: 72 });
  expect(await client.db("test").listCollections({ name: "indexed" }).toArray()).toHaveLength(1);
  expect(await indexedThings.drop()).toBe(true);
  expect(await client.db("test").listCollections({ name: "indexed" }).toArray()).toHaveLength(0);
});
