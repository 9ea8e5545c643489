import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Document } from "bson";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "./client/raw-client";
import { startEmbedded, type EmbeddedServer } from "./embedded-server";
import { createMemoryGauge } from "./memory-gauge";

let dir: string;
let server: EmbeddedServer;
let pressure = 0;
const send = (command: Document) => sendRaw(server.socketPath, { ...command, $db: "d" });
const update = (u: Document) => send({ update: "things", updates: [{ q: { _id: 1 }, u }] });

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "onekey-memory-"));
  server = await startEmbedded({ dir, memoryPressure: () => pressure });
  await send({ insert: "things", documents: [{ _id: 1, n: 0 }] });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

test("new work is rejected before all new data is, and what is in progress can end", async () => {
  const hold = {
    update: "things",
    updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }],
    comment: "deferrable",
  };
  const row = (_id: number) => send({ insert: "things", documents: [{ _id }] });
  expect(
    await send({ createIndexes: "things", indexes: [{ name: "n", key: { n: 1 } }] }),
  ).toMatchObject({ ok: 1 });
  pressure = 0.79;
  expect(await send(hold)).toMatchObject({ ok: 1, n: 1 });
  pressure = 0.85;
  expect(await send(hold)).toMatchObject({
    ok: 0,
    code: 14031,
    errmsg: expect.stringContaining("85 % full") as string,
  });
  expect(await row(2)).toMatchObject({ ok: 1 });
  expect(await update({ $inc: { n: 1 } })).toMatchObject({ ok: 1, n: 1 });
  pressure = 0.95;
  expect(await row(3)).toMatchObject({ code: 14031 });
  const upsert = (_id: number) =>
    send({ update: "things", updates: [{ q: { _id }, u: { $set: { a: 1 } }, upsert: true }] });
  expect(await upsert(7)).toMatchObject({ code: 14031 });
  expect(await upsert(1)).toMatchObject({ ok: 1, n: 1 });
  const index = (name: string) =>
    send({ createIndexes: "things", indexes: [{ name, key: { [name]: 1 } }] });
  expect(await index("later")).toMatchObject({ code: 14031 });
  expect(await index("n")).toMatchObject({ ok: 1 });
  const stamp = (_id: number) =>
    send({ findAndModify: "things", query: { _id }, update: { $set: { b: 1 } }, upsert: true });
  expect(await stamp(7)).toMatchObject({ code: 14031 });
  expect(await stamp(1)).toMatchObject({ ok: 1 });
  expect(await update({ $inc: { n: 1 } })).toMatchObject({ ok: 1, n: 1 });
  expect(await send({ delete: "things", deletes: [{ q: { _id: 2 }, limit: 1 }] })).toMatchObject({
    ok: 1,
    n: 1,
  });
  expect(await send({ find: "things" })).toMatchObject({
    cursor: { firstBatch: [{ _id: 1, n: 3, a: 1, b: 1 }] },
  });
  pressure = 0;
  expect(await row(3)).toMatchObject({ ok: 1 });
});

test("the status states documents, bytes and how full the memory is", async () => {
  pressure = 0.5;
  const { embedded } = await send({ serverStatus: 1 });
  expect(embedded).toMatchObject({ memoryPressure: 0.5, documents: 2 });
  expect(embedded.bytesOnDisk).toBeGreaterThan(0);
});

test("the measured figure is a fraction of what the process may use", () => {
  const gauge = createMemoryGauge();
  expect(gauge.pressure()).toBeGreaterThan(0);
  expect(gauge.pressure()).toBeLessThan(0.8);
  gauge.close();
});
