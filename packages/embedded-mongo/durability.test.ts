import { execFileSync, type ChildProcess } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Binary, Long, MongoClient, type Document } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedUri } from "./client/location";
import { startEmbedded, type EmbeddedServer } from "./embedded-server";
import { sendRaw } from "./client/raw-client";
import { exitOf, useServerProcesses } from "./testing/server-process";

const ROUNDS = process.env.ONEKEY_TEST_LONG === "1" ? 10 : 2;
const { serve, running } = useServerProcesses();
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-durable-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test(
  `an acknowledged write survives kill -9, ${ROUNDS} times over`,
  { timeout: 30_000 + ROUNDS * 15_000 },
  async () => {
    const acknowledgedIds: string[] = [];
    let increments = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { child, output } = await serve(dir);
      expect(output).toBe("ready");
      const client = await new MongoClient(embeddedUri(dir), {
        retryWrites: false,
        serverSelectionTimeoutMS: 2_000,
      }).connect();
      const things = client.db("d").collection<Document & { _id: string }>("things");
      await things.createIndex({ n: 1 }, { unique: true });
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; ; i++) {
          const id = `${round}/${writer}/${i}`;
          try {
            await things.insertOne({ _id: id, n: id });
            acknowledgedIds.push(id);
            await things.updateOne(
              { _id: "counter" },
              { $inc: { value: 1 }, $set: { n: "counter" } },
              { upsert: true },
            );
            increments++;
          } catch {
            return;
          }
        }
      });
      // At a different moment in every round, once there is enough to lose.
      const before = acknowledgedIds.length;
      while (acknowledgedIds.length < before + 100)
        await new Promise((resolve) => setTimeout(resolve, 10));
      await new Promise((resolve) => setTimeout(resolve, round * 20));
      child.kill("SIGKILL");
      await exitOf(child);
      await Promise.all(writers);
      await client.close();
    }
    const server = await startEmbedded({ dir });
    const client = await new MongoClient(server.uri).connect();
    const things = client.db("d").collection<Document & { _id: string }>("things");
    const ids = new Set((await things.find().toArray()).map((doc) => doc._id));
    expect(acknowledgedIds.length).toBeGreaterThanOrEqual(100 * ROUNDS);
    expect(acknowledgedIds.filter((id) => !ids.has(id))).toEqual([]);
    // What was on its way at a kill may have been applied; what was acknowledged must have been.
    const counterValue = Number((await things.findOne({ _id: "counter" }))?.value);
    expect(counterValue).toBeGreaterThanOrEqual(increments);
    expect(counterValue).toBeLessThanOrEqual(increments + 8 * ROUNDS);
    const twice = things.insertOne({ _id: "again", n: acknowledgedIds[0] });
    await expect(twice).rejects.toMatchObject({
      code: 11000,
      keyPattern: { n: 1 },
      keyValue: { n: acknowledgedIds[0] },
    });
    console.log(`${acknowledgedIds.length} acknowledged inserts, ${ROUNDS} kills, none lost`);
    await client.close();
    await server.close();
  },
);

/** From here on a process's files may have so many bytes: to it, a disk that is full (EFBIG in ENOSPC's place). */
const limitFiles = (child: ChildProcess, bytes: number | "unlimited") =>
  execFileSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes}:`]);

test.skipIf(process.platform !== "linux")(
  "a full disk rejects reads and writes, loses nothing, and recovers",
  async () => {
    const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-full-"));
    const log = () =>
      readdirSync(ownDir)
        .filter((name) => name.startsWith("changes-"))
        .toSorted()
        .at(-1) ?? "";
    let { child } = await serve(ownDir);
    const client = await new MongoClient(embeddedUri(ownDir), {
      serverSelectionTimeoutMS: 2_000,
    }).connect();
    const things = client.db("d").collection<Document & { _id: number }>("things");
    const acknowledgedIds: number[] = [];
    let next = 0;
    const insert = async () => {
      const id = next++;
      await things.insertOne({ _id: id, text: "x".repeat(500) });
      acknowledgedIds.push(id);
    };
    const missing = async () => {
      const presentIds = new Set(
        (await things.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
      );
      return acknowledgedIds.filter((id) => !presentIds.has(id));
    };
    const untilAccepted = async () => {
      for (
        const until = Date.now() + 5_000;
        Date.now() < until;
        await new Promise((go) => setTimeout(go, 50))
      )
        if (
          await insert().then(
            () => true,
            () => false,
          )
        )
          return;
      throw new Error("Nothing was accepted once the disk had space.");
    };
    for (const isKilled of [false, true]) {
      for (let i = 0; i < 20; i++) await insert();
      // A part of the next frame fits, less than an empty one: what is left of it must hide nothing that comes after.
      limitFiles(child, statSync(path.join(ownDir, log())).size + 15);
      for (let i = 0; i < 10; i++) await expect(insert()).rejects.toMatchObject({ code: 14031 });
      await expect(things.countDocuments({})).rejects.toMatchObject({ code: 14031 });
      await expect(things.insertOne({ _id: 0 })).rejects.toMatchObject({ code: 14031 });
      if (isKilled) {
        child.kill("SIGKILL");
        await exitOf(child);
        ({ child } = await serve(ownDir));
      } else limitFiles(child, "unlimited");
      await untilAccepted();
      expect(await missing()).toEqual([]);
      child.kill("SIGKILL");
      await exitOf(child);
      ({ child } = await serve(ownDir));
      expect(await missing()).toEqual([]);
    }
    await client.close();
    child.kill("SIGKILL");
    await exitOf(child);
    await rm(ownDir, { recursive: true, force: true });
  },
);

test("two processes share a directory without losing an update", async () => {
  const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-shared-"));
  const { child, output } = await serve(ownDir);
  expect(output).toBe("ready");
  await expect(startEmbedded({ dir: ownDir })).rejects.toMatchObject({ code: "ALREADY_OWNED" });
  expect((await serve(ownDir)).output).toBe("ALREADY_OWNED");
  const clients = await Promise.all(
    [0, 1].map(() => new MongoClient(embeddedUri(ownDir)).connect()),
  );
  const collections = clients.map((client) =>
    client.db("d").collection<Document & { _id: string }>("c"),
  );
  await collections[0]?.insertOne({ _id: "a", n: 0 });
  const work = Array.from({ length: 400 }, (_, i) =>
    collections[i % 2]?.updateOne({ _id: "a" }, { $inc: { n: 1 } }),
  );
  await Promise.all(work);
  expect((await collections[1]?.findOne({ _id: "a" }))?.n).toBe(400);
  await Promise.all(clients.map((client) => client.close()));
  child.kill("SIGKILL");
  await exitOf(child);
  // The dead owner's lock and socket are taken over.
  const server = await startEmbedded({ dir: ownDir });
  await server.close();
  await rm(ownDir, { recursive: true, force: true });
});

test("of many processes that find a dead owner's lock, one takes the directory", async () => {
  const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-race-"));
  const { child } = await serve(ownDir);
  child.kill("SIGKILL");
  await exitOf(child);
  const output = (await Promise.all(Array.from({ length: 6 }, () => serve(ownDir)))).map(
    (child) => child.output,
  );
  expect(output.toSorted()).toEqual([...Array.from({ length: 5 }, () => "ALREADY_OWNED"), "ready"]);
  for (const childProcess of running) childProcess.kill("SIGKILL");
  await rm(ownDir, { recursive: true, force: true });
});

/** A proxy that closes the connection instead of passing the replies that `loses` picks. */
async function lossy(socketPath: string, at: string, loses: () => boolean): Promise<Server> {
  const proxy = createServer((client) => {
    const upstream = connect(socketPath);
    let reply = "";
    client.on("data", (data) => {
      reply = data.toString("latin1");
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (reply.includes("txnNumber") && loses()) client.destroy();
      else client.write(data);
    });
    client.on("error", () => undefined).on("close", () => upstream.destroy());
    upstream.on("error", () => undefined).on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(at, resolve));
  return proxy;
}

test("a write whose reply was lost is repeated by the driver and applied once", async () => {
  const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-retry-"));
  const server = await startEmbedded({ dir: ownDir });
  const at = path.join(ownDir, "proxy.sock");
  let lostCount = 0;
  let replies = 0;
  const proxy = await lossy(server.socketPath, at, () => ++replies % 2 === 1 && ++lostCount > 0);
  const client = await new MongoClient(
    `mongodb://${encodeURIComponent(at)}/?directConnection=true`,
    {
      maxPoolSize: 1,
    },
  ).connect();
  const things = client.db("d").collection<Document & { _id: string }>("c");
  await things.insertOne({ _id: "a", n: 0, holds: [] });
  for (let i = 0; i < 4; i++) {
    const updateResult = await things.updateOne({ _id: "a" }, { $inc: { n: 1 } });
    expect([updateResult.matchedCount, updateResult.modifiedCount]).toEqual([1, 1]);
    const findResult = await things.findOneAndUpdate(
      { _id: "a", "holds.id": { $ne: i } },
      { $push: { holds: { id: i } } } as Document,
      { returnDocument: "after" },
    );
    expect(findResult?.holds).toHaveLength(i + 1);
  }
  expect(lostCount).toBeGreaterThan(4);
  expect((await things.findOne({ _id: "a" }))?.n).toBe(4);
  await client.close();
  proxy.close();
  await server.close();
  await rm(ownDir, { recursive: true, force: true });
});

test("a retryable write is remembered across a restart", async () => {
  const ownDir = await mkdtemp(path.join(tmpdir(), "onekey-remember-"));
  const send = (to: EmbeddedServer, txnNumber: number) =>
    sendRaw(to.socketPath, {
      update: "c",
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      lsid: { id: new Binary(Buffer.alloc(16, 7), 4) },
      txnNumber: Long.fromNumber(txnNumber),
      $db: "d",
    });
  const read = async (from: EmbeddedServer) =>
    (await sendRaw(from.socketPath, { find: "c", $db: "d" })).cursor.firstBatch as Document[];
  const first = await startEmbedded({ dir: ownDir });
  expect(await send(first, 5)).toMatchObject({ ok: 1, n: 1, upserted: [{ index: 0, _id: 1 }] });
  await first.close();
  const second = await startEmbedded({ dir: ownDir });
  expect(await send(second, 5)).toMatchObject({ ok: 1, n: 1, upserted: [{ index: 0, _id: 1 }] });
  expect(await read(second)).toEqual([{ _id: 1, n: 1 }]);
  expect(await send(second, 4)).toMatchObject({ ok: 0, code: 225 });
  expect(await send(second, 6)).toMatchObject({ ok: 1, n: 1, nModified: 1 });
  expect(await read(second)).toEqual([{ _id: 1, n: 2 }]);
  await second.close();
  await rm(ownDir, { recursive: true, force: true });
});
