import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordDisk } from "../testing/simulated-disk";
import { checkDirectory } from "./check-directory";
import {
  collectionOf,
  insertDocument,
  openStore,
  updateDocument,
  type DocumentStore,
} from "./document-store";

const CUTS = process.env.ONEKEY_TEST_LONG === "1" ? 2_000 : 60;
const WRITES = 120;
let base: string;

beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), "onekey-simulated-cut-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Numbers from 0 to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A write of a session, with when it was sent and acknowledged, counted in events of the disk. */
type SessionWrite = { n: number; startedAt: number; acknowledgedAt: number };
type RecordedDisk = ReturnType<typeof recordDisk>;
/** The counter and the row of the last write, and the numbers of all rows. */
type StoreContent = { counter: number; rows: number[] };

const textOf = (n: number): string => `${n} `.repeat(40 + (n % 50));

function contentOf(store: DocumentStore): StoreContent {
  const docs = [...(store.collections.get("d.things")?.byId.values() ?? [])].map(({ doc }) => doc);
  for (const { n, text } of docs) expect(text, "a document is complete").toBe(textOf(n as number));
  const counter = docs.find(({ _id }) => _id === "counter")?.n as number | undefined;
  const rows = docs.filter(({ _id }) => _id !== "counter").map(({ n }) => n as number);
  return { counter: counter ?? 0, rows: rows.toSorted((a, b) => a - b) };
}

/** Adds rows, each in one change with a counter of all rows, while segments are written and merged. */
async function runSession(dir: string, disk: RecordedDisk, count: number): Promise<SessionWrite[]> {
  const random = randomNumbers(count);
  const store = await openStore(dir);
  const writes: SessionWrite[] = [];
  const waits: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    const things = collectionOf(store, "d.things");
    const record = [...things.byId.values()].find(({ doc }) => doc._id === "counter");
    const n = ((record?.doc.n as number | undefined) ?? 0) + 1;
    const counter = { _id: "counter", n, text: textOf(n) };
    if (record)
      updateDocument({ store, collection: things, record, before: record.doc, doc: counter });
    else insertDocument(store, things, counter);
    insertDocument(store, things, { _id: `row-${n}`, n, text: textOf(n) });
    const write = { n, startedAt: disk.eventCount(), acknowledgedAt: Infinity };
    writes.push(write);
    const acknowledgment = store.journal
      .committed()
      .then(() => (write.acknowledgedAt = disk.eventCount()));
    waits.push(acknowledgment);
    if (random() < 0.1) waits.push(store.journal.checkpoint({ mergeAll: random() < 0.3 }));
    // Some writes follow each other without waiting, as those of several clients do.
    if (random() < 0.2) await acknowledgment;
    else await new Promise(setImmediate);
  }
  await Promise.all(waits);
  await store.journal.close();
  return writes;
}

/** Opens what a power cut has left, and checks it. Returns the number of its rows. */
async function check(dir: string, writes: SessionWrite[], eventCount: number, before: number) {
  const store = await openStore(dir);
  const { counter, rows } = contentOf(store);
  await store.journal.close();
  expect(checkDirectory(dir).damages).toEqual([]);
  const acknowledgedCount = writes
    .filter(({ acknowledgedAt }) => acknowledgedAt <= eventCount)
    .reduce((largest, { n }) => Math.max(largest, n), before);
  expect(counter).toBeGreaterThanOrEqual(acknowledgedCount);
  expect(rows, "a row is there exactly when its counter is").toEqual(
    Array.from({ length: counter }, (_, i) => i + 1),
  );
  return counter;
}

test(
  `after ${CUTS} power cuts at any moment, acknowledged writes are there and all others complete or absent`,
  { timeout: 600_000 },
  async () => {
    const random = randomNumbers(99);
    const dir = path.join(base, "first");
    mkdirSync(dir);
    const disk = recordDisk(dir);
    const writes = await runSession(dir, disk, WRITES).finally(disk.stop);
    let [keptCount, lostCount, second] = [0, 0, 0];
    for (let i = 0; i < CUTS; i++) {
      const eventCount = Math.floor(random() * (disk.eventCount() + 1));
      const copy = path.join(base, `cut-${i}`);
      disk.writeRemains(copy, eventCount, random);
      const startedDir = path.join(base, `started-${i}`);
      // Every fifth start is cut as well, before or after new writes.
      if (i % 5 === 0) {
        const secondDisk = recordDisk(copy);
        const secondWrites = await runSession(copy, secondDisk, 6).finally(secondDisk.stop);
        const secondCount = Math.floor(random() * (secondDisk.eventCount() + 1));
        secondDisk.writeRemains(startedDir, secondCount, random);
        const acknowledgedBefore = Math.max(
          0,
          ...writes.filter(({ acknowledgedAt }) => acknowledgedAt <= eventCount).map(({ n }) => n),
        );
        await check(startedDir, secondWrites, secondCount, acknowledgedBefore);
        second++;
      } else {
        const counter = await check(copy, writes, eventCount, 0);
        keptCount += counter;
        lostCount += writes.filter(
          ({ startedAt, n }) => startedAt <= eventCount && n > counter,
        ).length;
      }
      rmSync(copy, { recursive: true, force: true });
      rmSync(startedDir, { recursive: true, force: true });
    }
    console.log(
      `${CUTS} power cuts among ${disk.eventCount()} changes of the disk, ${second} of them followed by another: ` +
        `${keptCount} writes kept, no acknowledged one lost; ${lostCount} unacknowledged ones absent`,
    );
    expect(keptCount).toBeGreaterThan(CUTS);
  },
);
