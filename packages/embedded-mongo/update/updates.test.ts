import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Long, MongoClient, type Collection, type Document } from "mongodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startEmbedded, type EmbeddedServer } from "../embedded-server";

type TestDocument = Document & { _id: string | number };
let dir: string;
let server: EmbeddedServer;
let client: MongoClient;
let things: Collection<TestDocument>;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-updates-"));
  server = await startEmbedded({ dir });
  client = await new MongoClient(server.uri).connect();
});
beforeEach(() => {
  things = client.db("test").collection<TestDocument>(`u${++count}`);
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

const cases: [name: string, before: Document, update: Document, after: Document][] = [
  ["$set creates the path", { a: 1 }, { $set: { "b.c.d": 2 } }, { a: 1, b: { c: { d: 2 } } }],
  [
    "$set past an array's end fills with null",
    { a: [1] },
    { $set: { "a.3": 2 } },
    { a: [1, null, null, 2] },
  ],
  [
    "$unset",
    { a: 1, b: { c: 1, d: 2 }, e: [1, 2] },
    { $unset: { a: "", "b.c": "", "e.0": "" } },
    { b: { d: 2 }, e: [null, 2] },
  ],
  ["$inc", { a: 5 }, { $inc: { a: -7, n: 1 } }, { a: -2, n: 1 }],
  [
    "$min and $max, across types",
    { a: 5, b: 5, c: 5 },
    { $min: { a: 3, x: 1 }, $max: { b: 9, c: "text" } },
    { a: 3, b: 9, c: "text", x: 1 },
  ],
  ["$push", { a: [1] }, { $push: { a: 2, b: [3] } }, { a: [1, 2], b: [[3]] }],
  [
    "$push $each $slice $sort",
    { a: [1, 2, 3] },
    { $push: { a: { $each: [9, 4], $sort: 1, $slice: -3 } } },
    { a: [3, 4, 9] },
  ],
  [
    "$push $sort by a field",
    { a: [{ n: 2 }] },
    { $push: { a: { $each: [{ n: 3 }, { n: 1 }], $sort: { n: -1 } } } },
    { a: [{ n: 3 }, { n: 2 }, { n: 1 }] },
  ],
  [
    "$push $position",
    { a: [1, 2, 3] },
    { $push: { a: { $each: [0], $position: -1 } } },
    { a: [1, 2, 0, 3] },
  ],
  [
    "$addToSet",
    { a: [1, { x: 1 }] },
    { $addToSet: { a: { $each: [1, 2, { x: 1 }, 2] } } },
    { a: [1, { x: 1 }, 2] },
  ],
  [
    "$pull a value, a condition, a document",
    { a: [1, 2, 1], b: [1, 5, 9], c: [{ i: 1, z: 1 }, { i: 2 }] },
    { $pull: { a: 1, b: { $gte: 5 }, c: { i: 1 } } },
    { a: [2], b: [1], c: [{ i: 2 }] },
  ],
  [
    "$[] on every element",
    { a: [{ n: 1 }, { n: 2 }] },
    { $inc: { "a.$[].n": 10 } },
    { a: [{ n: 11 }, { n: 12 }] },
  ],
  [
    "$setOnInsert changes no existing document",
    { a: 1 },
    { $setOnInsert: { a: 2 }, $set: { b: 1 } },
    { a: 1, b: 1 },
  ],
];

test.each(cases)("%s", async (_name, before, update, after) => {
  await things.insertOne({ _id: 1, ...before });
  const result = await things.updateOne({ _id: 1 }, update);
  expect([result.matchedCount, result.modifiedCount]).toEqual([1, 1]);
  expect(await things.findOne({ _id: 1 })).toEqual({ _id: 1, ...after });
});

test("an update that changes nothing reports that", async () => {
  await things.insertOne({ _id: 1, a: 1, list: [1], at: new Date(5), deep: { b: 1 } });
  const idle: Document[] = [
    { $set: { a: 1, at: new Date(5), deep: { b: 1 } } },
    { $inc: { a: 0 } },
    { $unset: { none: "" } },
    { $pull: { list: 9, none: 1 } },
    { $addToSet: { list: 1 } },
    { $max: { a: 0 } },
    { $setOnInsert: { a: 9 } },
  ];
  for (const update of idle) {
    const { matchedCount, modifiedCount } = await things.updateOne({ _id: 1 }, update);
    expect([matchedCount, modifiedCount], JSON.stringify(update)).toEqual([1, 0]);
  }
});

const rejections: [code: number, update: Document, options?: { arrayFilters: Document[] }][] = [
  [40, { $set: { a: 1 }, $inc: { a: 1 } }],
  [40, { $set: { "o.x": 1, o: 2 } }],
  [66, { $set: { _id: 2 } }],
  [66, { $inc: { _id: 1 } }],
  [14, { $inc: { text: 1 } }],
  [14, { $inc: { a: "1" } }],
  [14, { $inc: { nothing: 1 } }],
  [28, { $set: { "a.b": 1 } }],
  [28, { $set: { "list.x": 1 } }],
  [2, { $push: { a: 1 } }],
  [2, { $push: { list: { $each: 1 } } }],
  [2, { $inc: { "list.$[e].n": 1 } }],
  [9, { $set: { a: 1 } }, { arrayFilters: [{ "e.n": 1 }] }],
  [2, { $inc: { "none.$[].n": 1 } }],
  [2, { $set: { "list.$.n": 1 } }],
  [9, { $bogus: { a: 1 } }],
  [52, { $set: { "a.$b": 1 } }],
  [56, { $set: { "o..x": 1 } }],
  [238, { $inc: { big: 1 } }],
  [238, { $inc: { a: Long.fromString("9007199254740993") } }],
  [238, { $inc: { near: 10 } }],
  [238, { $bit: { a: { and: 1 } } }],
];

test.each(rejections)("%i rejects %j", async (errorCode, update, options) => {
  const before = {
    _id: 1,
    a: 1,
    text: "x",
    nothing: null,
    o: { x: 1 },
    list: [{ n: 1 }],
    near: 2 ** 53 - 5,
    big: Long.fromString("9007199254740993"),
  };
  await things.insertOne(before);
  expect(await code(things.updateOne({ _id: 1 }, update, options))).toBe(errorCode);
  expect(await things.findOne({ _id: 1 })).toEqual(before);
});

test("pipelines, a second positional array and unknown options are rejected", async () => {
  await things.insertOne({ _id: 1, xs: [{ k: 1 }, { k: 2 }], ys: [1] });
  expect(await code(things.updateOne({ _id: 1 }, [{ $set: { a: 1 } }]))).toBe(238);
  expect(await code(things.updateOne({ "xs.k": 2, ys: 1 }, { $set: { "xs.$.v": 1 } }))).toBe(238);
  await things.updateOne({ "xs.k": 2 }, { $set: { "xs.$.v": 1 } });
  await things.updateOne({ xs: { $elemMatch: { k: 1 } } }, { $set: { "xs.$.v": 2 } });
  expect((await things.findOne({ _id: 1 }))?.xs).toEqual([
    { k: 1, v: 2 },
    { k: 2, v: 1 },
  ]);
  expect(await code(client.db("test").command({ find: "x", filter: {}, surprise: 1 }))).toBe(40415);
});

test("an upsert starts from the equalities of its filter", async () => {
  const first = await things.updateOne(
    { _id: "x", kind: "k", "deep.n": { $eq: 2 }, n: { $gt: 5 } },
    { $setOnInsert: { created: 1 }, $inc: { n: 1 } },
    { upsert: true },
  );
  expect([first.upsertedCount, first.upsertedId]).toEqual([1, "x"]);
  expect(await things.findOne({ _id: "x" })).toEqual({
    _id: "x",
    kind: "k",
    deep: { n: 2 },
    created: 1,
    n: 1,
  });
  const secondResult = await things.updateOne(
    { _id: "x" },
    { $setOnInsert: { created: 2 }, $inc: { n: 1 } },
    { upsert: true },
  );
  expect([
    secondResult.matchedCount,
    secondResult.modifiedCount,
    secondResult.upsertedCount,
  ]).toEqual([1, 1, 0]);
  const replacement = await things.findOneAndReplace(
    { _id: "y" },
    { a: 1 },
    { upsert: true, returnDocument: "after" },
  );
  expect(replacement).toEqual({ _id: "y", a: 1 });
  expect(
    await code(
      things.updateOne({ a: 1, $and: [{ a: 1 }], _id: "z" }, { $set: { b: 1 } }, { upsert: true }),
    ),
  ).toBe(54);
});

test("parallel holds and settlements are never lost or doubled", { timeout: 60_000 }, async () => {
  const [requests, limit, amount] = [300, 120, 10];
  const credits = limit * amount;
  const project = (id: string) => ({
    id,
    key: { digest: `digest ${id}` },
    minute: { left: 1_000 },
  });
  await things.createIndex({ "projects.key.digest": 1 }, { unique: true, sparse: true });
  await things.createIndex({ "holds.by": 1 });
  await things.insertOne({
    _id: "a",
    credits,
    charged: 0,
    projects: [project("p"), { id: "q" }, project("r")],
    holds: [],
  });
  const run = async (i: number) => {
    const id = `req_${i}`;
    const holdResult = await things.findOneAndUpdate(
      {
        _id: "a",
        projects: { $elemMatch: { id: "r", "key.digest": "digest r", "minute.left": { $gte: 1 } } },
        credits: { $gte: amount },
        "holds.id": { $ne: id },
        "holds.499": { $exists: false },
      },
      {
        $inc: { credits: -amount, "projects.$[p].minute.left": -1 },
        $push: { holds: { id, amount, by: `i${i % 3}` } },
      } as Document,
      { arrayFilters: [{ "p.id": "r" }], returnDocument: "after" },
    );
    if (!holdResult) return false;
    expect(holdResult.credits).toBeGreaterThanOrEqual(0);
    const settle = () =>
      things.updateOne({ _id: "a", "holds.id": id }, {
        $pull: { holds: { id } },
        $inc: { credits: amount - 7, charged: 7 },
      } as Document);
    // Settled twice in parallel: the second must match nothing.
    const results = await Promise.all([settle(), settle()]);
    expect(results.reduce((total, result) => total + result.modifiedCount, 0)).toBe(1);
    return true;
  };
  const won = (await Promise.all(Array.from({ length: requests }, (_, i) => run(i)))).filter(
    Boolean,
  ).length;
  const after = await things.findOne({ _id: "a" });
  expect(after?.holds).toEqual([]);
  expect(after?.charged).toBe(won * 7);
  expect(after?.credits).toBe(credits - won * 7);
  expect(after?.projects[0].minute.left).toBe(1_000);
  expect(after?.projects[2].minute.left).toBe(1_000 - won);
  expect(won).toBeGreaterThanOrEqual(limit);
});

test("a key digest is unique, and any number of projects have none", async () => {
  await things.createIndex({ "projects.key.digest": 1 }, { unique: true, sparse: true });
  const projectOf = (digest: string) => ({ id: digest, key: { digest } });
  await things.insertOne({ _id: 1, projects: [projectOf("a"), { id: "none" }] });
  await things.insertOne({ _id: 2, projects: [projectOf("b"), { id: "none" }] });
  await things.insertOne({ _id: 3, projects: [{ id: "none" }, { id: "none too" }] });
  await things.insertOne({ _id: 4, projects: [] });
  await things.insertOne({ _id: 5 });
  const pushOfTaken = things.updateOne({ _id: 3 }, {
    $push: { projects: projectOf("a") },
  } as Document);
  await expect(pushOfTaken).rejects.toMatchObject({
    code: 11000,
    keyValue: { "projects.key.digest": "a" },
  });
  // The same key twice within one document is not a conflict with itself.
  await things.insertOne({ _id: 6, projects: [projectOf("c"), projectOf("c")] });
  // A stored null is a value, and collides.
  await things.insertOne({ _id: 7, projects: [{ id: "x", key: { digest: null } }] });
  expect(
    await code(things.insertOne({ _id: 8, projects: [{ id: "x", key: { digest: null } }] })),
  ).toBe(11000);
  expect((await things.findOne({ "projects.key.digest": "b" }))?._id).toBe(2);
});
