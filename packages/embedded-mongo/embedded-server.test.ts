import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Long, MongoClient, type Collection, type Document } from "mongodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startEmbedded, type EmbeddedServer } from "./embedded-server";

let dir: string;
let server: EmbeddedServer;
let client: MongoClient;
let things: Collection<Document & { _id: string | number }>;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-db-"));
  server = await startEmbedded({ dir });
  client = await new MongoClient(server.uri).connect();
});
beforeEach(() => {
  things = client.db("test").collection(`things${++count}`);
});
afterAll(async () => {
  await client.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { code?: number }) => error.code,
  );

test("values come back through the driver as they were inserted", async () => {
  const doc = {
    _id: "a",
    at: new Date(5),
    long: Long.fromString("9007199254740993"),
    list: [1, { deep: null }],
    half: 0.5,
    yes: true,
    text: "ü€",
  };
  await things.insertOne(doc);
  const back = await things.findOne({ _id: "a" });
  expect(back?.at).toEqual(new Date(5));
  expect(String(back?.long)).toBe("9007199254740993");
  expect(back).toMatchObject({ list: [1, { deep: null }], half: 0.5, yes: true, text: "ü€" });
});

test("of 200 parallel holds on a balance for ten, ten succeed", async () => {
  await things.insertOne({
    _id: "a",
    credits: 100,
    projects: [{ id: "p", key: { digest: "d" }, minute: { left: 50 } }, { id: "q" }],
    holds: [],
  });
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      things.findOneAndUpdate(
        {
          _id: "a",
          projects: { $elemMatch: { id: "p", "key.digest": "d", models: { $exists: false } } },
          credits: { $gte: 10 },
          "holds.id": { $ne: `r${i}` },
          "holds.499": { $exists: false },
        },
        {
          $inc: { credits: -10, "projects.$[p].minute.left": -1 },
          $push: { holds: { id: `r${i}`, amount: 10 } },
        } as Document,
        { arrayFilters: [{ "p.id": "p" }], returnDocument: "after" },
      ),
    ),
  );
  expect(all.filter(Boolean)).toHaveLength(10);
  const after = await things.findOne({ _id: "a" });
  expect(after?.credits).toBe(0);
  expect(after?.projects[0].minute.left).toBe(40);
  const first = after?.holds[0].id;
  const settle = () =>
    things.updateOne({ _id: "a", "holds.id": first }, {
      $pull: { holds: { id: first } },
      $inc: { credits: 4 },
    } as Document);
  expect(
    (await Promise.all([settle(), settle(), settle()])).filter(
      (result) => result.modifiedCount === 1,
    ),
  ).toHaveLength(1);
  expect((await things.findOne({ _id: "a" }))?.credits).toBe(4);
});

test("unique indexes of every kind hold under 200 parallel writers", async () => {
  await things.createIndexes([
    { key: { email: 1 }, unique: true, sparse: true },
    {
      key: { owner: 1, seq: 1 },
      unique: true,
      partialFilterExpression: { seq: { $exists: true } },
    },
    { key: { keys: 1 }, unique: true, sparse: true },
  ]);
  const insert = (make: (i: number) => Document) =>
    Promise.all(Array.from({ length: 200 }, (_, i) => code(things.insertOne(make(i) as never))));
  expect((await insert(() => ({ email: "a" }))).filter((error) => error === null)).toHaveLength(1);
  expect(
    (await insert((i) => ({ owner: "o", seq: i % 7 }))).filter((error) => error === null),
  ).toHaveLength(7);
  expect(
    (await insert((i) => ({ keys: [`k${i % 5}`, `only${i}`] }))).filter((error) => error === null),
  ).toHaveLength(5);
  expect((await insert(() => ({ nothing: 1 }))).every((error) => error === null)).toBe(true);
  await things.insertOne({ _id: "x", keys: ["mine"] });
  expect(await code(things.updateOne({ _id: "x" }, { $push: { keys: "k0" } } as Document))).toBe(
    11000,
  );
  expect((await things.findOne({ _id: "x" }))?.keys).toEqual(["mine"]);
});

test("expired documents are deleted, others stay", async () => {
  await things.createIndex({ at: 1 }, { expireAfterSeconds: 1 });
  await things.insertMany([
    { _id: 1, at: new Date(Date.now() - 5_000) },
    { _id: 2, at: new Date(Date.now() + 60_000) },
  ]);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect((await things.find().toArray()).map((thing) => thing._id)).toEqual([2]);
});

test("what is not supported is rejected with MongoDB's own error", async () => {
  await things.insertOne({ _id: 1, n: 1 });
  expect(await code(things.find({ $where: "true" }).toArray())).toBe(238);
  expect(await code(things.find({ n: { $odd: 1 } } as never).toArray())).toBe(2);
  expect(await code(things.find({ n: Long.fromString("9007199254740993") }).toArray())).toBe(238);
  expect(await code(things.find({}).collation({ locale: "en" }).toArray())).toBe(238);
  expect(
    await code(
      things
        .aggregate([{ $lookup: { from: "x", localField: "a", foreignField: "b", as: "c" } }])
        .toArray(),
    ),
  ).toBe(238);
  expect(await code(things.updateOne({ _id: 1 }, { $bogus: { a: 1 } } as never))).toBe(9);
  expect(await code(things.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).toBe(66);
  expect(await code(things.updateOne({ _id: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }))).toBe(40);
  expect(await code(client.db("test").command({ nonsense: 1 }))).toBe(59);
  expect(await code(things.watch().next())).not.toBeNull();
  const session = client.startSession();
  expect(
    await code(session.withTransaction(() => things.insertOne({ _id: 9 }, { session }))),
  ).not.toBeNull();
  await session.endSession();
});

test("a group over many documents lets other commands run, and sees a snapshot", async () => {
  const turnDocs = client
    .db("test")
    .collection<{ _id: number; n: number; seen?: boolean }>("turns");
  await turnDocs.insertMany(Array.from({ length: 50_000 }, (_, i) => ({ _id: i, n: 1 })));
  const endings: string[] = [];
  const grouping = turnDocs
    .aggregate([{ $group: { _id: "$seen", n: { $sum: "$n" }, documents: { $sum: 1 } } }])
    .toArray()
    .finally(() => endings.push("group"));
  await turnDocs.findOne({ _id: 1 });
  await Promise.all([
    turnDocs.updateOne({ _id: 49_999 }, { $set: { seen: true, n: 5 } }),
    turnDocs.deleteOne({ _id: 49_998 }),
    turnDocs.insertOne({ _id: 50_000, n: 1 }),
    // Only a read's end is compared: a write is acknowledged when the disk has it, however long that takes.
    turnDocs.findOne({ _id: 2 }).finally(() => endings.push("read")),
  ]);
  expect(await grouping).toEqual([{ _id: null, n: 50_000, documents: 50_000 }]);
  expect(endings).toEqual(["read", "group"]);
});

test("a read beyond its maxTimeMS fails, a quick one and a write do not", async () => {
  await things.insertMany(
    Array.from({ length: 20_000 }, (_, i) => ({ _id: i, text: `${i % 977}` })),
  );
  const slow = [
    { $group: { _id: { $concat: ["$text", "x"] }, n: { $sum: "$_id" } } },
    { $sort: { n: -1 } },
  ];
  expect(await code(things.aggregate(slow, { maxTimeMS: 1 }).toArray())).toBe(50);
  expect(await code(things.aggregate(slow, { maxTimeMS: 60_000 }).toArray())).toBeNull();
  expect((await things.find({ _id: 7 }).maxTimeMS(60_000).toArray()).length).toBe(1);
  expect(
    (await things.updateMany({}, { $set: { seen: true } }, { maxTimeMS: 1 })).modifiedCount,
  ).toBe(20_000);
  expect(await code(client.db("test").command({ find: "a", maxTimeMS: -1 }))).toBe(2);
});

test("one process owns a directory, and a restart reads everything back", async () => {
  const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-db-"));
  const first = await startEmbedded({ dir: ownDir });
  await expect(startEmbedded({ dir: ownDir })).rejects.toMatchObject({ code: "ALREADY_OWNED" });
  const one = await new MongoClient(first.uri).connect();
  await one.db("d").collection("c").createIndex({ k: 1 }, { unique: true });
  const docs = Array.from({ length: 100_000 }, (_, i) => ({ k: i, text: "x".repeat(100) }));
  const startedAt = performance.now();
  await one.db("d").collection("c").insertMany(docs);
  console.log(`100,000 documents loaded in ${Math.round(performance.now() - startedAt)} ms`);
  await one.close();
  await first.close();
  const restartedAt = performance.now();
  const second = await startEmbedded({ dir: ownDir });
  console.log(`and read back at a restart in ${Math.round(performance.now() - restartedAt)} ms`);
  const two = await new MongoClient(second.uri).connect();
  expect(await two.db("d").collection("c").countDocuments({})).toBe(100_000);
  expect(await code(two.db("d").collection("c").insertOne({ k: 5 }))).toBe(11000);
  await two.close();
  await second.close();
  await rm(ownDir, { recursive: true, force: true });
}, 60_000);
