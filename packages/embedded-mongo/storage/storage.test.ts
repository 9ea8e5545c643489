import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messageOf, sendBytes, sendRaw } from "../client/raw-client";
import { startEmbedded } from "../embedded-server";
import {
  addIndex,
  collectionOf,
  insertDocument,
  openStore,
  removeDocument,
  updateDocument,
} from "./document-store";

let base: string;

beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), "onekey-storage-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function contentOf(dir: string): Promise<Map<string, unknown>> {
  const store = await openStore(dir);
  const content = new Map(
    [...(store.collections.get("d.things")?.byId ?? [])].map(([id, { doc }]) => [id, doc]),
  );
  await store.journal.close();
  return content;
}

test("old values leave the disk: the files shrink after deletions", async () => {
  const dir = path.join(base, "shrinking");
  const { socketPath, close } = await startEmbedded({ dir });
  const bytes = () =>
    readdirSync(dir)
      .filter((name) => /\.(data|log)$/.test(name))
      .reduce((total, name) => total + statSync(path.join(dir, name)).size, 0);
  for (let i = 0; i < 20; i++)
    await sendRaw(socketPath, {
      insert: "things",
      documents: Array.from({ length: 500 }, (_, n) => ({
        _id: i * 500 + n,
        text: "x".repeat(200),
      })),
      $db: "d",
    });
  await sendRaw(socketPath, { embeddedCompact: 1, $db: "admin" });
  const full = bytes();
  await sendRaw(socketPath, {
    delete: "things",
    deletes: [{ q: { _id: { $gte: 1_000 } }, limit: 0 }],
    $db: "d",
  });
  const reply = await sendRaw(socketPath, { embeddedCompact: 1, $db: "admin" });
  expect(reply).toMatchObject({ ok: 1 });
  expect(bytes()).toBeLessThan(full / 5);
  await close();
  expect((await contentOf(dir)).size).toBe(1_000);
});

test("a backup of a busy server holds what was acknowledged before it", async () => {
  const dir = path.join(base, "busy");
  const { socketPath, close } = await startEmbedded({ dir });
  let acknowledgedCount = 0;
  let running = true;
  const writer = (async () => {
    for (; running; acknowledgedCount++)
      await sendRaw(socketPath, {
        insert: "things",
        documents: [{ _id: acknowledgedCount }],
        $db: "d",
      });
  })();
  const backups: { to: string; atLeast: number }[] = [];
  for (let i = 0; i < 3; i++) {
    await expect.poll(() => acknowledgedCount, { timeout: 20_000 }).toBeGreaterThan(i * 20 + 10);
    const to = path.join(base, `busy-backup-${i}`);
    backups.push({ to, atLeast: acknowledgedCount });
    expect(await sendRaw(socketPath, { embeddedBackup: 1, to, $db: "admin" })).toMatchObject({
      ok: 1,
    });
  }
  running = false;
  await writer;
  await close();
  for (const { to, atLeast } of backups)
    expect((await contentOf(to)).size).toBeGreaterThanOrEqual(atLeast);
  expect(
    await openStore(path.join(base, "busy-backup-0")).then(({ journal }) => journal.close()),
  ).toBeUndefined();
});

test("no file of a directory or a backup can be read by other users", async () => {
  const dir = path.join(base, "private");
  const { socketPath, close } = await startEmbedded({ dir });
  const insert = (_id: number) =>
    sendRaw(socketPath, { insert: "things", documents: [{ _id }], $db: "d" });
  await insert(1);
  await sendRaw(socketPath, { embeddedCompact: 1, $db: "admin" });
  await insert(2);
  const to = path.join(base, "private-backup");
  await sendRaw(socketPath, { embeddedBackup: 1, to, $db: "admin" });
  const modes = [dir, to].flatMap((folder) =>
    readdirSync(folder).map((name) => [
      name,
      (statSync(path.join(folder, name)).mode & 0o077).toString(8),
    ]),
  );
  await close();
  expect(modes.length).toBeGreaterThan(8);
  expect(modes.filter(([, othersMode]) => othersMode !== "0")).toEqual([]);
});

test("what the disk did not take is undone, and never written later", async () => {
  const dir = path.join(base, "undone");
  mkdirSync(dir);
  const store = await openStore(dir);
  const things = collectionOf(store, "d.things");
  addIndex(store, things, { v: 2, name: "n", key: { n: 1 }, unique: true });
  const keptRecord = insertDocument(store, things, { _id: "kept", n: 1 });
  const removedRecord = insertDocument(store, things, { _id: "removed", n: 2 });
  await store.journal.committed();
  // The journal's own file may not grow: the system rejects an append.
  const limit = (bytes: number | "unlimited") =>
    execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:`]);
  limit(1);
  try {
    updateDocument({
      store,
      collection: things,
      record: keptRecord,
      before: keptRecord.doc,
      doc: { _id: "kept", n: 5 },
    });
    removeDocument(store, things, removedRecord);
    insertDocument(store, things, { _id: "new", n: 2 });
    collectionOf(store, "d.others");
    await expect(store.journal.committed()).rejects.toMatchObject({ code: 14031 });
    expect(() => store.journal.check()).toThrow(/could not be written/);
  } finally {
    limit("unlimited");
  }
  expect([...things.byId.values()].map(({ doc }) => doc)).toEqual([
    { _id: "kept", n: 1 },
    { _id: "removed", n: 2 },
  ]);
  expect(store.collections.has("d.others")).toBe(false);
  await expect.poll(() => attempt(() => store.journal.check()), { timeout: 20_000 }).toBe(true);
  insertDocument(store, things, { _id: "later", n: 5 });
  await store.journal.committed();
  await store.journal.close();
  const content = await contentOf(dir);
  expect([...content.values()]).toEqual([
    { _id: "kept", n: 1 },
    { _id: "removed", n: 2 },
    { _id: "later", n: 5 },
  ]);
});

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

test("a moved directory ends the server with a reason and loses nothing", async () => {
  const dir = path.join(base, "moved-from");
  const movedDir = path.join(base, "moved-to");
  let reason = "";
  const { socketPath, close } = await startEmbedded({
    dir,
    onFatal: (error) => (reason = error.message),
  });
  expect(
    await sendRaw(socketPath, { insert: "things", documents: [{ _id: 1 }], $db: "d" }),
  ).toMatchObject({ ok: 1 });
  renameSync(dir, movedDir);
  const at = path.join(movedDir, path.basename(socketPath));
  expect(await sendRaw(at, { insert: "things", documents: [{ _id: 2 }], $db: "d" })).toMatchObject({
    ok: 1,
  });
  // Its connections end: it is not known to their clients what became of a write.
  expect(await sendBytes(at, messageOf({ embeddedCompact: 1, $db: "admin" }))).toHaveLength(0);
  expect(reason).toContain("was moved, deleted or replaced");
  await close();
  expect(existsSync(dir)).toBe(false);
  expect((await contentOf(movedDir)).size).toBe(2);
});
