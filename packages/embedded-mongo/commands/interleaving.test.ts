import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  Binary,
  Long,
  MongoClient,
  type Collection,
  type CommandFailedEvent,
  type CommandSucceededEvent,
} from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "../client/raw-client";
import { startEmbedded, type EmbeddedServer } from "../embedded-server";

type TestDocument = { _id: number; n: number };
let dir: string;
let server: EmbeddedServer;
let client: MongoClient;
let things: Collection<TestDocument>;
const failures: number[] = [];

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "onekey-interleaving-"));
  server = await startEmbedded({ dir, interleaving: 11, sync: "interval" });
  client = await new MongoClient(server.uri, { monitorCommands: true }).connect();
  client.on("commandFailed", ({ failure }: CommandFailedEvent) => {
    if ("code" in failure) failures.push(Number(failure.code));
  });
  client.on("commandSucceeded", ({ reply }: CommandSucceededEvent) => {
    const { writeConcernError } = reply as { writeConcernError?: { code: number } };
    if (writeConcernError) failures.push(writeConcernError.code);
  });
  things = client.db("d").collection<TestDocument>("things");
});
afterAll(async () => {
  await client.close();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

test("other commands see a batch half done", async () => {
  const writing = things.bulkWrite(
    Array.from({ length: 200 }, (_, i) => ({
      updateOne: { filter: { _id: i }, update: { $setOnInsert: { n: i } }, upsert: true },
    })),
    { ordered: false },
  );
  const sizes = new Set<number>();
  let isDone = false;
  void writing.then(() => (isDone = true));
  while (!isDone) sizes.add(await things.countDocuments());
  expect([...sizes].filter((size) => size > 0 && size < 200).length).toBeGreaterThan(0);
  expect((await writing).upsertedCount).toBe(200);
  // Not in the order that they were sent.
  const ids = (await things.find().toArray()).map(({ _id }) => _id);
  expect(ids).not.toEqual(ids.toSorted((a, b) => a - b));
});

test("errors of a batch keep their indexes, and an ordered batch stops at the first", async () => {
  const insert = (ids: number[], isOrdered: boolean) =>
    things
      .insertMany(
        ids.map((_id) => ({ _id, n: 0 })),
        { ordered: isOrdered },
      )
      .catch((error: { writeErrors: { index: number; code: number }[] }) =>
        [error.writeErrors].flat(),
      );
  const errors = (await insert([1_000, 5, 1_001, 6], false)) as { index: number; code: number }[];
  expect(errors.map(({ index, code }) => [index, code]).toSorted()).toEqual([
    [1, 11000],
    [3, 11000],
  ]);
  await insert([1_002, 5, 1_003], true);
  expect(await things.countDocuments({ _id: { $gte: 1_000 } })).toBe(3);
});

test("a write that fails as the primary steps down is repeated and applied once", async () => {
  await things.insertOne({ _id: -1, n: 0 });
  for (let i = 0; i < 600; i++) await things.updateOne({ _id: -1 }, { $inc: { n: 1 } });
  expect((await things.findOne({ _id: -1 }))?.n).toBe(600);
  for (const code of [10107, 262, 64]) expect(failures).toContain(code);
});

test("a batch that is sent again while it runs is applied once", async () => {
  const batch = {
    insert: "repeated",
    documents: Array.from({ length: 300 }, (_, _id) => ({ _id })),
    lsid: { id: new Binary(Buffer.alloc(16, 9), 4) },
    txnNumber: Long.fromNumber(1),
    $db: "d",
  };
  const replies = await Promise.all([1, 2, 3].map(() => sendRaw(server.socketPath, batch)));
  expect(replies.map(({ ok, n, writeErrors }) => [ok, n, writeErrors])).toEqual(
    replies.map(() => [1, 300, undefined]),
  );
  expect(await client.db("d").collection("repeated").countDocuments()).toBe(300);
});

test("a client reads the old state for a moment after a step-down, until it writes; never backwards", async () => {
  const clientOf = (appName: string) => new MongoClient(server.uri, { appName }).connect();
  const [writer, reader] = await Promise.all([clientOf("writer"), clientOf("reader")]);
  const writerThings = writer.db("d").collection<TestDocument>("stale");
  const readerThings = reader.db("d").collection<TestDocument>("stale");
  await writerThings.insertMany([
    { _id: 1, n: 0 },
    { _id: 2, n: 0 },
  ]);
  let [staleReads, endedByWrite, lastRead] = [0, 0, 0];
  for (let n = 1; n <= 2_000 && endedByWrite < 2; n++) {
    await writerThings.updateOne({ _id: 1 }, { $set: { n } });
    const readByOther = (await readerThings.findOne({ _id: 1 }))?.n ?? -1;
    expect(readByOther).toBeGreaterThanOrEqual(lastRead);
    lastRead = readByOther;
    expect((await writerThings.findOne({ _id: 1 }))?.n).toBe(n);
    if (readByOther === n) continue;
    // Its write goes to the new primary, and so does every later read.
    if (++staleReads % 3 > 0) continue;
    await readerThings.updateOne({ _id: 2 }, { $set: { n } });
    expect(await readerThings.findOne({ _id: 1 })).toMatchObject({ n });
    lastRead = n;
    endedByWrite++;
  }
  expect(endedByWrite).toBe(2);
  await Promise.all([writer.close(), reader.close()]);
}, 120_000);

test("a linearizable read is never stale, and neither are those after it", async () => {
  const clientOf = (appName: string) => new MongoClient(server.uri, { appName }).connect();
  const [writer, reader] = await Promise.all([clientOf("writer"), clientOf("careful reader")]);
  const writerThings = writer.db("d").collection<TestDocument>("linearizable");
  const readerThings = reader.db("d").collection<TestDocument>("linearizable");
  await writerThings.insertOne({ _id: 1, n: 0 });
  const readConcern = { level: "linearizable" } as const;
  let staleReads = 0;
  for (let n = 1; n <= 2_000 && staleReads < 2; n++) {
    await writerThings.updateOne({ _id: 1 }, { $set: { n } });
    if ((await readerThings.findOne({ _id: 1 }))?.n === n) continue;
    staleReads++;
    expect(await readerThings.findOne({ _id: 1 }, { readConcern })).toMatchObject({ n });
    expect(await readerThings.findOne({ _id: 1 })).toMatchObject({ n });
  }
  expect(staleReads).toBe(2);
  await Promise.all([writer.close(), reader.close()]);
}, 120_000);
