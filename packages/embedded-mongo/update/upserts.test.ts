import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendRaw } from "../client/raw-client";
import { startEmbedded, type EmbeddedServer } from "../embedded-server";

let dir: string;
let server: EmbeddedServer;
let collectionCount = 0;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "onekey-upserts-"));
  server = await startEmbedded({ dir });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

type UpsertOutcome = { errorCode: number | undefined; documents: Document[] };

/** What an upsert with this filter leaves in an empty collection. */
async function upsert(filter: Document, update: Document): Promise<UpsertOutcome> {
  const things = `things${++collectionCount}`;
  const reply = await sendRaw(server.socketPath, {
    update: things,
    updates: [{ q: filter, u: update, upsert: true }],
    $db: "d",
  });
  const { cursor } = await sendRaw(server.socketPath, { find: things, filter: {}, $db: "d" });
  return {
    errorCode: reply.code ?? reply.writeErrors?.[0]?.code,
    documents: cursor.firstBatch as Document[],
  };
}

// Which values an upsert takes from its filter: https://www.mongodb.com/docs/manual/reference/method/db.collection.updateOne/
const UPDATES: [string, Document][] = [
  ["a replacement", {}],
  ["$set", { $set: { a: 1 } }],
  ["$setOnInsert", { $setOnInsert: { a: 1 } }],
];

/** Filters that say what `field` is equal to. */
const equalitiesOf = (field: string): Document[] => [
  { [field]: 1 },
  { [field]: { $eq: 1 } },
  { [field]: { $all: [1] } },
  { [field]: { $in: [1] } },
  { $and: [{ [field]: 1 }] },
  { $and: [{ [field]: { $eq: 1 } }] },
  { $or: [{ [field]: 1 }] },
  { $or: [{ [field]: { $eq: 1 } }] },
];
/** Filters that say less. */
const inequalitiesOf = (field: string): Document[] => [
  { [field]: { $gt: 1 } },
  { [field]: { $ne: 1 } },
  { [field]: { $in: [1, 2] } },
  { [field]: { $elemMatch: { $eq: 1 } } },
  { [field]: { $exists: true } },
  { [field]: { $not: { $eq: 1 } } },
  { [field]: /abc/ },
  { $or: [{ [field]: { $eq: 1 } }, { [field]: 2 }] },
  { $nor: [{ [field]: 1 }] },
  { $nor: [{ [field]: { $eq: 1 } }, { [field]: 1 }] },
];

describe.each(UPDATES)("an upsert with %s", (style, update) => {
  const isReplacement = style === "a replacement";

  test.each(equalitiesOf("_id"))("takes the _id of %j", async (filter) => {
    expect(await upsert(filter, update)).toMatchObject({ documents: [{ _id: 1 }] });
  });

  test.each(inequalitiesOf("_id"))("takes no _id from %j", async (filter) => {
    const { documents } = await upsert(filter, update);
    expect(documents).toHaveLength(1);
    expect(documents[0]?._id).toMatchObject({ _bsontype: "ObjectId" });
  });

  test.each(equalitiesOf("x"))("takes x from %j unless it replaces", async (filter) => {
    const { documents } = await upsert(filter, update);
    expect(documents.map(({ x }) => x)).toEqual([isReplacement ? undefined : 1]);
  });

  test.each(inequalitiesOf("x"))("takes no x from %j", async (filter) => {
    const { documents } = await upsert(filter, update);
    expect(documents.map(({ x }) => x)).toEqual([undefined]);
  });

  test.each(equalitiesOf("x.y"))("takes x.y from %j unless it replaces", async (filter) => {
    const { documents } = await upsert(filter, update);
    expect(documents.map(({ x }) => x)).toEqual([isReplacement ? undefined : { y: 1 }]);
  });

  test.each<Document>([
    { x: { $all: [1, 2] } },
    { $and: [{ x: 1 }, { x: 2 }] },
    { $and: [{ x: { $eq: 1 } }, { x: 2 }] },
    { x: 1, "x.y": 1 },
    { x: { y: 1 }, "x.z": 1 },
  ])("does not choose between the values of %j", async (filter) => {
    const { errorCode, documents } = await upsert(filter, update);
    if (isReplacement) expect(documents.map(({ x }) => x)).toEqual([undefined]);
    else expect([errorCode, documents]).toEqual([54, []]);
  });

  test.each<[Document, number]>([
    [{ _id: [1, 2] }, 53],
    [{ _id: { $eq: [1, 2] } }, 53],
    [{ _id: { $all: [1, 2] } }, 54],
    [{ $and: [{ _id: 1 }, { _id: 2 }] }, 54],
    [{ $and: [{ _id: { $eq: 1 } }, { _id: 2 }] }, 54],
    [{ _id: 1, "_id.x": 1 }, 238],
  ])("writes nothing for %j", async (filter, errorCode) => {
    expect(await upsert(filter, update)).toEqual({ errorCode, documents: [] });
  });
});

test.each<[Document, Document]>([
  [{ x: [1, 2] }, { x: [1, 2] }],
  [{ $and: [{ x: 1 }, { "y.z": { $in: [2] } }] }, { x: 1, y: { z: 2 } }],
])("an upsert takes every kind of value from %j", async (filter, values) => {
  const { documents } = await upsert(filter, { $set: { a: 1 } });
  expect(documents).toEqual([{ _id: expect.anything(), a: 1, ...values }]);
});
