import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "../client/raw-client";
import { startEmbedded } from "../embedded-server";
import { checkDirectory, salvageDirectory } from "./check-directory";
import { DamagedDataError } from "./damaged-data-error";
import { collectionOf, insertDocument, openStore } from "./document-store";

const DAMAGES = process.env.ONEKEY_TEST_LONG === "1" ? 1_000 : 150;
const DOCUMENTS = 400;
let base: string;
/** A directory as kill -9 leaves it: two segments, a log, and nothing closed. */
let intact: string;
let expectedDocs: Map<string, unknown>;

beforeAll(async () => {
  base = mkdtempSync(path.join(tmpdir(), "onekey-damage-"));
  const source = path.join(base, "source");
  intact = path.join(base, "intact");
  const { socketPath, close } = await startEmbedded({ dir: source });
  const insert = (from: number) =>
    sendRaw(socketPath, {
      insert: "things",
      documents: Array.from({ length: 100 }, (_, i) => ({
        _id: from + i,
        n: 0,
        text: "x".repeat(60),
      })),
      $db: "d",
    });
  const increment = (_id: number) =>
    sendRaw(socketPath, {
      update: "things",
      updates: [{ q: { _id }, u: { $inc: { n: 1 } } }],
      $db: "d",
    });
  for (let from = 0; from < DOCUMENTS; from += 100) {
    await insert(from);
    await increment(from);
  }
  await sendRaw(socketPath, { embeddedCompact: 1, $db: "admin" });
  for (let i = 0; i < 10; i++) await increment(i);
  await sendRaw(socketPath, { embeddedBackup: 1, to: path.join(base, "backup"), $db: "admin" });
  for (let i = 0; i < 20; i++) await increment(i);
  // No write is in progress: the copy is what a killed process leaves.
  cpSync(source, intact, { recursive: true, filter: (name) => !/\.(sock|pid)$/.test(name) });
  await close();
  expectedDocs = await contentOf(copyOf(intact));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

let copies = 0;
function copyOf(dir: string): string {
  const copy = path.join(base, `copy-${++copies}`);
  cpSync(dir, copy, { recursive: true });
  return copy;
}

async function contentOf(dir: string): Promise<Map<string, unknown>> {
  const store = await openStore(dir);
  const content = new Map(
    [...(store.collections.get("d.things")?.byId ?? [])].map(([id, { doc }]) => [id, doc]),
  );
  await store.journal.close();
  return content;
}

/** Numbers from 0 to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type FileDamage = "flip" | "zero" | "cut" | "delete" | "empty" | "overwrite";
const DAMAGE_KINDS: FileDamage[] = [
  "flip",
  "flip",
  "flip",
  "zero",
  "cut",
  "cut",
  "delete",
  "empty",
  "overwrite",
];

function damage(dir: string, random: () => number): { file: string; kind: FileDamage } {
  const files = readdirSync(dir).toSorted();
  const file = files[Math.floor(random() * files.length)] as string;
  const kind = DAMAGE_KINDS[Math.floor(random() * DAMAGE_KINDS.length)] as FileDamage;
  const full = path.join(dir, file);
  const { size } = statSync(full);
  const at = Math.floor(random() * size);
  if (kind === "delete") rmSync(full);
  else if (kind === "empty") truncateSync(full, 0);
  else if (kind === "cut") truncateSync(full, at);
  else {
    const bytes = readFileSync(full);
    if (kind === "flip" && size > 0)
      bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(random() * 8));
    if (kind === "zero") bytes.fill(0, at, Math.min(size, at + 512));
    if (kind === "overwrite")
      for (let i = at; i < Math.min(size, at + 64); i++) bytes[i] = Math.floor(random() * 256);
    writeFileSync(full, bytes);
  }
  return { file, kind };
}

test("the directory to damage has two segments and a log with changes", () => {
  const names = readdirSync(intact);
  expect(names.filter((name) => name.startsWith("segment-")).length).toBeGreaterThanOrEqual(2);
  const logs = names.filter((name) => name.startsWith("changes-"));
  expect(
    logs.reduce((total, name) => total + statSync(path.join(intact, name)).size, 0),
  ).toBeGreaterThan(1_000);
  expect(expectedDocs.size).toBe(DOCUMENTS);
});

test(
  `${DAMAGES} random damages are rejected with the file named, or nothing is missing`,
  { timeout: 300_000 },
  async () => {
    const random = randomNumbers(20);
    let rejections = 0;
    let harmless = 0;
    for (let i = 0; i < DAMAGES; i++) {
      const dir = copyOf(intact);
      const { file, kind } = damage(dir, random);
      const before = snapshot(dir);
      const outcome = await contentOf(dir).catch((error: unknown) => error);
      if (outcome instanceof Map) {
        harmless++;
        expect(outcome, `${kind} of ${file}`).toEqual(expectedDocs);
      } else {
        rejections++;
        expect(outcome, `${kind} of ${file}`).toBeInstanceOf(DamagedDataError);
        expect((outcome as DamagedDataError).message).toContain(file);
        expect(snapshot(dir)).toEqual(before);
      }
      rmSync(dir, { recursive: true, force: true });
    }
    console.log(
      `${DAMAGES} damages: ${rejections} rejected with the file named, ${harmless} without any loss`,
    );
    expect(rejections).toBeGreaterThan(DAMAGES / 2);
  },
);

const snapshot = (dir: string) =>
  readdirSync(dir)
    .toSorted()
    .map((name) => [name, readFileSync(path.join(dir, name)).toString("base64")]);

test("salvage writes every document that can be read to a new directory", async () => {
  const random = randomNumbers(7);
  for (let i = 0; i < 20; i++) {
    const dir = copyOf(intact);
    damage(dir, random);
    const isDamaged = checkDirectory(dir).damages.length > 0;
    const target = path.join(base, `salvaged-${i}`);
    const report = await salvageDirectory(dir, target);
    expect(report.damages.length > 0).toBe(isDamaged);
    const content = await contentOf(target);
    expect(content.size).toBe(report.documents);
    for (const id of content.keys()) expect(expectedDocs.has(id)).toBe(true);
    if (!isDamaged) expect(content).toEqual(expectedDocs);
    rmSync(dir, { recursive: true, force: true });
  }
});

test("a flipped bit in a log loses only its group of changes in salvage", async () => {
  const dir = copyOf(intact);
  const logs = readdirSync(dir).filter((name) => name.startsWith("changes-"));
  const file = logs.find((name) => statSync(path.join(dir, name)).size > 1_000) as string;
  const bytes = readFileSync(path.join(dir, file));
  // Inside the last but one frame.
  const at = bytes.length - 200;
  bytes[at] = (bytes[at] as number) ^ 4;
  writeFileSync(path.join(dir, file), bytes);
  const error: unknown = await openStore(dir).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: "DAMAGED_DATA", file });
  expect((error as DamagedDataError).offset).toBeGreaterThan(0);
  const target = path.join(base, "salvaged-log");
  await salvageDirectory(dir, target);
  const content = await contentOf(target);
  const changedDocs = [...expectedDocs].filter(
    ([id, doc]) => JSON.stringify(content.get(id)) !== JSON.stringify(doc),
  );
  expect(content.size).toBe(DOCUMENTS);
  expect(changedDocs.length).toBe(1);
});

test("a log cut at any byte keeps what was acknowledged, or is rejected", async () => {
  const dir = copyOf(intact);
  const store = await openStore(dir);
  const things = collectionOf(store, "d.things");
  const states: { bytes: number; size: number }[] = [];
  const logOf = () =>
    readdirSync(dir)
      .filter((name) => name.startsWith("changes-"))
      .toSorted()
      .at(-1) as string;
  const file = logOf();
  for (let i = 0; i < 6; i++) {
    insertDocument(store, things, { _id: `new-${i}`, text: "y".repeat(20) });
    await store.journal.committed();
    states.push({ bytes: statSync(path.join(dir, file)).size, size: things.byId.size });
  }
  const killedDir = path.join(base, "killed");
  cpSync(dir, killedDir, { recursive: true });
  const mark = readFileSync(path.join(killedDir, "committed.mark"));
  await store.journal.close();
  const last = states.at(-1) as { bytes: number; size: number };
  for (let cut = 0; cut < last.bytes; cut += 97) {
    const copy = copyOf(killedDir);
    truncateSync(path.join(copy, file), cut);
    await expect(contentOf(copy).then((content) => content.size)).rejects.toMatchObject({
      code: "DAMAGED_DATA",
      file,
    });
    rmSync(copy, { recursive: true, force: true });
  }
  // Power was cut before the last change was acknowledged: the mark says so, and any part of its frame may be there.
  const earlier = states.at(-2) as { bytes: number; size: number };
  const olderMark = Buffer.from(mark);
  const { createMark, readMark } = await import("./commit-mark");
  createMark(killedDir, readMark(killedDir) - 1);
  expect(olderMark.equals(readFileSync(path.join(killedDir, "committed.mark")))).toBe(false);
  for (let cut = earlier.bytes; cut < last.bytes + 3; cut += 3) {
    const copy = copyOf(killedDir);
    truncateSync(path.join(copy, file), Math.min(cut, last.bytes));
    const content = await contentOf(copy);
    expect(content.size).toBe(cut >= last.bytes ? last.size : earlier.size);
    rmSync(copy, { recursive: true, force: true });
  }
});
