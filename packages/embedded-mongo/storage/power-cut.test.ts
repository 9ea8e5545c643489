import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "../client/raw-client";
import { startEmbedded } from "../embedded-server";
import { readMark } from "./commit-mark";
import { openStore } from "./document-store";
import { copyWhatIsOnDisk } from "../testing/copy-what-is-on-disk";

let base: string;

beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), "onekey-power-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function contentOf(dir: string): Promise<Map<unknown, unknown>> {
  const store = await openStore(dir);
  const records = [...(store.collections.get("d.things")?.byId.values() ?? [])];
  await store.journal.close();
  return new Map(records.map(({ doc }) => [doc._id, doc.n]));
}

/** An upsert whose acknowledgment waits for the log only, unless `j` is left out. */
const upsertOf = (_id: string, n: number, writeConcern?: { j: boolean }) => ({
  update: "things",
  updates: [{ q: { _id }, u: { $set: { n } }, upsert: true }],
  ...(writeConcern && { writeConcern }),
  $db: "d",
});

test("a power cut loses no write that waited for the disk, nor what was written before it", async () => {
  const dir = path.join(base, "mixed");
  const server = await startEmbedded({ dir });
  for (let round = 1; round <= 5; round++) {
    const hold = upsertOf(`hold ${round}`, round, { j: false });
    const settlement = upsertOf(`settlement ${round}`, round);
    for (const write of [hold, settlement])
      expect(await sendRaw(server.socketPath, write)).toMatchObject({ ok: 1, n: 1 });
    const content = await contentOf(copyWhatIsOnDisk(dir, path.join(base, `mixed ${round}`)));
    for (let earlier = 1; earlier <= round; earlier++) {
      expect(content.get(`hold ${earlier}`)).toBe(earlier);
      expect(content.get(`settlement ${earlier}`)).toBe(earlier);
    }
  }
  await server.close();
});

test("a write that changes nothing waits for the disk with what it met", async () => {
  const dir = path.join(base, "met");
  const server = await startEmbedded({ dir });
  const insertion = { insert: "things", documents: [{ _id: "row", n: 1 }], $db: "d" };
  await sendRaw(server.socketPath, { ...insertion, writeConcern: { j: false } });
  expect(await sendRaw(server.socketPath, insertion)).toMatchObject({ ok: 1, n: 0 });
  expect((await contentOf(copyWhatIsOnDisk(dir, path.join(base, "met copy")))).get("row")).toBe(1);
  await server.close();
});

test("a write that nobody waits for reaches the disk without another one", async () => {
  const dir = path.join(base, "unawaited");
  const server = await startEmbedded({ dir });
  await sendRaw(server.socketPath, upsertOf("first", 1));
  const markBefore = readMark(dir);
  await sendRaw(server.socketPath, upsertOf("last", 2, { j: false }));
  await expect.poll(() => readMark(dir), { timeout: 10_000 }).toBeGreaterThan(markBefore);
  expect(
    (await contentOf(copyWhatIsOnDisk(dir, path.join(base, "unawaited copy")))).get("last"),
  ).toBe(2);
  await server.close();
});

test("a killed process loses no write that waited for the log only", async () => {
  const dir = path.join(base, "killed");
  const server = await startEmbedded({ dir });
  await sendRaw(server.socketPath, upsertOf("hold", 1, { j: false }));
  const copy = path.join(base, "killed copy");
  cpSync(dir, copy, { recursive: true, filter: (file) => !/\.(sock|pid)$/.test(file) });
  expect((await contentOf(copy)).get("hold")).toBe(1);
  await server.close();
});
