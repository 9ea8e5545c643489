import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { serialize } from "bson";
import { open } from "lmdb";
import { MongoClient } from "mongodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbedded } from "../embedded-server";

type TestDocument = { _id: string; n: number };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-keys-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Starts the server of the directory, does something with a collection of it, and stops both. */
async function withServer<T>(
  work: (things: ReturnType<typeof thingsOf>) => Promise<T>,
): Promise<T> {
  const server = await startEmbedded({ dir });
  const client = await new MongoClient(server.uri).connect();
  try {
    return await work(thingsOf(client));
  } finally {
    await client.close();
    await server.close();
  }
}
const thingsOf = (client: MongoClient) => client.db("d").collection<TestDocument>("things");

const IDS = [
  ...Array.from({ length: 130 }, (_, i) => "x".repeat(i + 1)),

  "0123456789abcdef".repeat(4),
  "y".repeat(1_800),
  "é".repeat(40),
  "日本".repeat(60),
  "\u{1F511}".repeat(33),

  "\u0001",
  "a\u0002\u0003\u0004",
  `\u0004${"z".repeat(90)}\u0001\u0004`,
  "#5/true/ns0",
  "7".repeat(70),
];
const byId = (a: string, b: string) => (a < b ? -1 : 1);

test("documents with any _id survive a restart", async () => {
  await withServer((things) => things.insertMany(IDS.map((_id, n) => ({ _id, n }))));
  const ids = await withServer(async (things) => {
    await expect(
      things.insertOne({ _id: "0123456789abcdef".repeat(4), n: -1 }),
    ).rejects.toMatchObject({
      code: 11_000,
    });
    await things.updateMany({}, { $inc: { n: 1_000 } });
    await things.deleteOne({ _id: "y".repeat(1_800) });
    return things.find().toArray();
  });
  expect(ids.map(({ _id }) => _id).sort(byId)).toEqual(
    IDS.filter((id) => !id.startsWith("yy")).sort(byId),
  );
  const docsAgain = await withServer((things) => things.find().toArray());
  expect(docsAgain.map(({ _id, n }) => [_id, n]).sort()).toEqual(
    ids.map(({ _id, n }) => [_id, n]).sort(),
  );
});

test("a directory of an earlier version is adopted once", async () => {
  await mkdir(dir, { recursive: true });
  const earlier = open<Buffer, string>({
    path: `${dir}/database.mdb`,
    encoding: "binary",
    compression: false,
  });
  await earlier.put("c\u0000d.things", Buffer.alloc(1));
  for (const [n, _id] of IDS.entries())
    await earlier.put(`d\u0000d.things\u0000s${_id}`, Buffer.from(serialize({ _id, n })));
  await earlier.close();
  const ids = await withServer(async (things) => {
    await things.updateMany({}, { $inc: { n: 1 } });
    return things.find().toArray();
  });
  expect(ids.map(({ _id }) => _id).sort(byId)).toEqual(IDS.toSorted(byId));
  const docsAgain = await withServer((things) => things.find().toArray());
  expect(docsAgain.map(({ _id, n }) => [_id, n]).sort()).toEqual(
    IDS.map((_id, n) => [_id, n + 1]).sort(),
  );
});
