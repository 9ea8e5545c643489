import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Decimal128, Double, Long, type Document } from "bson";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "./client/raw-client";
import { startEmbedded, type EmbeddedServer } from "./embedded-server";

// Each case is a place where a server that is nearly MongoDB gives another result without an error. Here it is MongoDB's result,
// MongoDB's error, or a rejection with 238 (NotImplemented).

let dir: string;
let server: EmbeddedServer;
let count = 0;
let things: string;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "onekey-differences-"));
  server = await startEmbedded({ dir });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const send = (command: Document) => sendRaw(server.socketPath, { ...command, $db: "d" });

async function collectionWith(...documents: Document[]): Promise<void> {
  things = `things${++count}`;
  if (documents.length > 0)
    expect(await send({ insert: things, documents })).toMatchObject({ ok: 1, n: documents.length });
}

async function find(filter: Document, options: Document = {}): Promise<Document[] | number> {
  const reply = await send({ find: things, filter, ...options });
  return reply.ok === 1 ? (reply.cursor.firstBatch as Document[]) : Number(reply.code);
}
const aggregate = async (...pipeline: Document[]): Promise<Document[] | number> => {
  const reply = await send({ aggregate: things, pipeline, cursor: {} });
  return reply.ok === 1 ? (reply.cursor.firstBatch as Document[]) : Number(reply.code);
};
const update = async (q: Document, u: Document, options: Document = {}): Promise<Document> => {
  const reply = await send({ update: things, updates: [{ q, u, ...options }] });
  return { ...reply, code: reply.code ?? reply.writeErrors?.[0]?.code };
};

test("$slice and $elemMatch in a projection of find are rejected", async () => {
  await collectionWith({ _id: 1, a: [1, 2], secret: 1 });
  expect(await find({}, { projection: { _id: 1, a: { $slice: 1 } } })).toBe(238);
  expect(await find({}, { projection: { a: { $elemMatch: { $gt: 1 } } } })).toBe(238);
  expect(await find({}, { projection: { a: "$secret" } })).toBe(238);
  expect(await find({}, { projection: { _id: 1, a: 1 } })).toEqual([{ _id: 1, a: [1, 2] }]);
});

test("a path in an expression does not go through an array in an array", async () => {
  await collectionWith({ _id: 1, a: [[{ b: 1 }], { b: 2 }] });
  expect(await aggregate({ $project: { v: "$a.b" } })).toEqual([{ _id: 1, v: [2] }]);
});

test.each([
  ["two fields of one array", [{ a: [{ b: 1, c: 2 }] }], { "a.b": 1, "a.c": 1 }],
  ["two arrays", [{ a: [1], b: [2] }], { a: 1, b: 1 }],
  ["a field of elements that are no documents", [{ a: [1, { b: 1 }] }], { "a.b": 1 }],
])("a sort by %s is rejected", async (_, documents, sort) => {
  await collectionWith(...documents);
  expect(await find({}, { sort })).toBe(238);
  expect(await aggregate({ $sort: sort })).toBe(238);
});

test("sums and averages of doubles are compensated", async () => {
  await collectionWith(...Array.from({ length: 10 }, (_, i) => ({ _id: i, v: 0.1 })));
  expect(
    await aggregate({ $group: { _id: null, sum: { $sum: "$v" }, avg: { $avg: "$v" } } }),
  ).toEqual([{ _id: null, sum: 1, avg: 0.1 }]);
  expect(
    await aggregate({ $match: { _id: 1 } }, { $project: { v: { $add: [0.1, 0.2, 0.3, 0.4] } } }),
  ).toEqual([{ _id: 1, v: 1 }]);
  await collectionWith({ _id: 1, v: 2 ** 53 - 1 }, { _id: 2, v: 1 });
  expect(await aggregate({ $group: { _id: null, sum: { $sum: "$v" } } })).toBe(238);
});

test.each(["[]abc]", "\\x{41}", "\\e", "\\a", "a.b", "a+", "(a)", "a|b", "\\d", "\\bword"])(
  "the pattern %s is rejected",
  async (pattern) => {
    await collectionWith({ _id: 1, a: "A" });
    expect(await find({ a: { $regex: pattern } })).toBe(238);
  },
);

test("a literal pattern finds text", async () => {
  await collectionWith({ _id: 1, a: "usr_1" }, { _id: 2, a: "a.b" }, { _id: 3, a: "x usr_" });
  expect(await find({ a: { $regex: "^usr_" } })).toEqual([{ _id: 1, a: "usr_1" }]);
  expect(await find({ a: /A\.B$/i })).toEqual([{ _id: 2, a: "a.b" }]);
});

test("integers beyond 2^53 are rejected in a filter", async () => {
  await collectionWith({ _id: 1, a: Long.fromString("9007199254740993") }, { _id: 2, a: 1 });
  expect(await find({ a: 2 ** 53 })).toBe(238);
  expect(await find({ a: { $in: [2 ** 60] } })).toBe(238);
  expect(await find({ a: Long.fromString("9007199254740993") })).toBe(238);
  expect(await find({ a: { $gt: 5 } })).toBe(238);
  expect(await find({ a: 1 })).toEqual([{ _id: 2, a: 1 }]);
});

test("numbers whose type an update of another field would change are rejected", async () => {
  await collectionWith();
  for (const value of [Long.fromNumber(5), new Double(2), Decimal128.fromString("0")]) {
    expect(
      await send({ insert: things, documents: [{ _id: 1, a: { b: [value] } }] }),
    ).toMatchObject({ code: 238 });
    expect(await update({ _id: 1 }, { $set: { a: value } }, { upsert: true })).toMatchObject({
      code: 238,
    });
    const findAndModify = {
      findAndModify: things,
      query: { _id: 1 },
      update: { a: value },
      upsert: true,
    };
    expect(await send(findAndModify)).toMatchObject({ code: 238 });
  }
  const original = { _id: 1, a: 0.5, b: 5e9, c: -0, d: 7, e: Long.fromString("9007199254740993") };
  await collectionWith(original);
  await update({ _id: 1 }, { $set: { touched: 1 } });
  const [after] = (await find({})) as Document[];
  expect(after).toMatchObject({ a: 0.5, b: 5e9, c: -0, d: 7, touched: 1 });
  expect(String(after?.e)).toBe("9007199254740993");
});

test("$all takes values or $elemMatch, not both", async () => {
  await collectionWith({ _id: 1, a: [{ b: 1 }, 5] });
  expect(await find({ a: { $all: [{ $elemMatch: { b: 1 } }, 5] } })).toBe(2);
  expect(await find({ a: { $all: [{ $elemMatch: { b: 1 } }] } })).toHaveLength(1);
  expect(await find({ a: { $all: [5] } })).toHaveLength(1);
});

test("$rename and $expr are rejected", async () => {
  await collectionWith({ _id: 1, a: 1 });
  expect(await update({}, { $rename: { "a.b": "c" } })).toMatchObject({ code: 238 });
  expect(await find({ $expr: { $eq: ["$a", 1] } })).toBe(238);
  expect(await find({ a: { $elemMatch: { $expr: true } } })).toBe(238);
});

test("a multi update that fails half way counts nothing", async () => {
  await collectionWith({ _id: 1, a: 1 }, { _id: 2, a: "x" });
  expect(await update({}, { $inc: { a: 1 } }, { multi: true })).toMatchObject({
    n: 0,
    nModified: 0,
    code: 14,
  });
});

test("an update does not take a sort: that is a later version's", async () => {
  await collectionWith({ _id: 1 });
  expect(await update({}, { $set: { a: 1 } }, { sort: { _id: 1 } })).toMatchObject({ code: 40415 });
});

test("a replacement with an _id of null keeps it", async () => {
  await collectionWith();
  expect(await update({ a: 5 }, { _id: null, b: 1 }, { upsert: true })).toMatchObject({
    ok: 1,
    n: 1,
  });
  expect(await find({})).toEqual([{ _id: null, b: 1 }]);
});

test("a positional $ after a comparison with an array is rejected", async () => {
  await collectionWith({ _id: 1, a: ["B", "C"] });
  expect(await update({ a: { $gt: ["A"] } }, { $set: { "a.$": 1 } })).toMatchObject({ code: 238 });
  expect(await update({ a: ["B", "C"] }, { $set: { "a.$": 1 } })).toMatchObject({ code: 238 });
  expect(await update({ a: "C" }, { $set: { "a.$": 1 } })).toMatchObject({ n: 1 });
  expect(await find({})).toEqual([{ _id: 1, a: ["B", 1] }]);
});

test("$elemMatch sees an array in an array as a document", async () => {
  await collectionWith({ _id: 1, a: [[]] }, { _id: 2, a: [[5]] }, { _id: 3, a: [1] });
  expect(await find({ a: { $elemMatch: { b: null } } }, { projection: { _id: 1 } })).toEqual([
    { _id: 1 },
    { _id: 2 },
  ]);
  expect(await find({ a: { $elemMatch: { 0: 5 } } }, { projection: { _id: 1 } })).toEqual([
    { _id: 2 },
  ]);
});

test.each<[string, Document, unknown]>([
  ["$in with one value", { _id: { $in: [1] } }, 1],
  ["$all with one value", { _id: { $all: [1] } }, 1],
  ["$or with one clause", { $or: [{ _id: 1 }] }, 1],
  ["$and around them", { $and: [{ $or: [{ _id: { $in: [1] } }] }] }, 1],
])("an upsert takes the value of %s", async (_, filter, id) => {
  await collectionWith();
  expect(await update(filter, { $set: { a: 1 } }, { upsert: true })).toMatchObject({
    n: 1,
    upserted: [{ _id: id }],
  });
  expect(await find({})).toEqual([{ _id: id, a: 1 }]);
});

test("an upsert takes nothing from a choice of several", async () => {
  await collectionWith();
  await update(
    { a: { $in: [1, 2] }, $or: [{ b: 1 }, { c: 1 }] },
    { $set: { d: 1 } },
    { upsert: true },
  );
  expect(await find({}, { projection: { _id: 0 } })).toEqual([{ d: 1 }]);
  expect(
    await update({ a: { $eq: 1, $in: [1] } }, { $set: { d: 1 } }, { upsert: true }),
  ).toMatchObject({ code: 54 });
});
