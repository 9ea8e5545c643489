import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { Query } from "mingo";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileFilter } from "./compile-filter";
import { planFor } from "./query-plan";
import { select } from "./select-documents";
import { compileSort, sortFields } from "./compile-sort";
import {
  addIndex,
  collectionOf,
  insertDocument,
  openStore,
  removeDocument,
  updateDocument,
  type DocumentStore,
} from "../storage/document-store";
import type { BsonDocument } from "../values/values";

let dir: string;
let store: DocumentStore;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-queries-"));
  store = await openStore(dir);
});
afterAll(async () => {
  await store.journal.close();
  await rm(dir, { recursive: true, force: true });
});

const scalar = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom("a", "b", "é", ""),
  fc.boolean(),
  fc.constantFrom(new Date(0), new Date(1_000)),
  fc.constant(null),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
);
/** `b` and `e` hold no arrays: MongoDB refuses two in one compound index. */
const docWith = (d: fc.Arbitrary<unknown>) => {
  const inner = fc.record({ d, e: scalar }, { requiredKeys: [] });
  const c = fc.oneof(inner, fc.array(inner, { maxLength: 3 }), scalar);
  return fc.record({ a: value, b: scalar, c }, { requiredKeys: [] });
};
const doc = docWith(value);
const paths = fc.constantFrom("a", "b", "c.d", "c.e");
const known = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom("a", "b"),
  fc.boolean(),
  fc.constantFrom(new Date(0), new Date(1_000)),
);
const condition = fc.oneof(
  known,
  fc.record({ $gte: known }),
  fc.record({ $gt: known, $lte: known }),
  fc.record({ $lt: known }),
  fc.record({ $in: fc.array(known, { minLength: 1, maxLength: 3 }) }),
  fc.record({ $ne: known }),
  fc.record({ $exists: fc.boolean() }),
);
const filter: fc.Arbitrary<BsonDocument> = fc.oneof(
  fc.dictionary(paths, condition, { maxKeys: 3 }),
  fc.record({
    c: fc.record({
      $elemMatch: fc.dictionary(fc.constantFrom("d", "e"), condition, { minKeys: 1, maxKeys: 2 }),
    }),
  }),
  fc.record({
    a: condition,
    $or: fc.array(fc.dictionary(paths, condition, { minKeys: 1, maxKeys: 2 }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
);
const sort = fc.dictionary(
  fc.constantFrom("a", "b", "c.d"),
  fc.constantFrom(1 as const, -1 as const),
  { maxKeys: 2 },
);

test("a filter matches what mingo matches, where both follow MongoDB", () => {
  fc.assert(
    // mingo misses an array's elements inside an array of documents, so there are none here.
    fc.property(docWith(scalar), filter, (each, asked) => {
      expect(compileFilter(asked)(each), JSON.stringify({ each, asked })).toBe(
        new Query(asked).test(each),
      );
    }),
    { numRuns: 3_000 },
  );
});

const indexes: Record<string, number>[] = [
  { a: 1 },
  { b: -1 },
  { a: 1, b: -1 },
  { "c.d": 1 },
  { "c.d": -1, "c.e": 1 },
  { b: 1, a: 1 },
];

/** Whether a path leads to an array or through one. */
function hasArray(doc: BsonDocument, path: string): boolean {
  const [first = "", second] = path.split(".");
  const value = doc[first] as unknown;
  if (Array.isArray(value)) return true;
  const inner = (value as BsonDocument | null)?.[second ?? ""] as unknown;
  return second !== undefined && Array.isArray(inner);
}

test("an index never changes the matches or their order", () => {
  fc.assert(
    fc.property(
      fc.array(doc, { maxLength: 30 }),
      fc.array(doc, { maxLength: 10 }),
      filter,
      sort,
      (docs, later, asked, sortSpec) => {
        let order = sortSpec;
        const collection = collectionOf(store, `d.c${++count}`);
        const all = docs.map((each, i) => insertDocument(store, collection, { _id: i, ...each }));
        indexes.forEach((key, i) =>
          addIndex(store, collection, {
            v: 2,
            name: `i${i}`,
            key,
            ...(i % 3 === 2 ? { sparse: true } : {}),
          }),
        );
        later.forEach((each, i) => {
          const stored = all[i * 2];
          if (stored && i % 3 === 0) removeDocument(store, collection, stored);
          else if (stored)
            updateDocument({
              store,
              collection: collection,
              stored: stored,
              before: stored.doc,
              doc: { _id: stored.doc._id as number, ...each },
            });
        });
        const test = compileFilter(asked);
        const expected = [...collection.byId.values()].filter((stored) => test(stored.doc));
        const isSortable = Object.keys(order).every((path) =>
          [...collection.byId.values()].every((stored) => !hasArray(stored.doc, path)),
        );
        if (!isSortable) {
          expect(() => select(collection, {}, { sort: order })).toThrow(
            /A sort by a field in an array/,
          );
          order = {};
        }
        const found = select(collection, asked, { sort: order });
        const ids = (list: typeof found) =>
          list.map((stored) => stored.doc._id as number).toSorted((a, b) => a - b);
        expect(ids(found)).toEqual(ids(expected));
        const sorted = compileSort(order);
        if (sorted) expect(found).toEqual(sorted(found, (stored) => stored.doc));
        const limited = select(collection, asked, { sort: order, skip: 1, limit: 3 });
        if (sorted) expect(limited.length).toBe(Math.max(0, Math.min(3, expected.length - 1)));
      },
    ),
    { numRuns: 300 },
  );
});

test("the newest rows of an account are read in index order", () => {
  const collection = collectionOf(store, "d.usage");
  addIndex(store, collection, { v: 2, name: "accountId_1_at_-1", key: { accountId: 1, at: -1 } });
  for (let i = 0; i < 2_000; i++)
    insertDocument(store, collection, { _id: i, accountId: `u${i % 4}`, at: new Date(i * 1_000) });
  const asked = { accountId: "u1", at: { $gte: new Date(1_000_000) } };
  const plan = planFor(collection, asked, sortFields({ at: -1 }));
  expect([plan.name, plan.sorted]).toEqual(["accountId_1_at_-1", true]);
  let visited = 0;
  plan.scan((stored) => {
    expect(stored.doc.accountId).toBe("u1");
    return ++visited >= 50;
  });
  expect(visited).toBe(50);
  const newest = select(collection, asked, { sort: { at: -1 }, limit: 3 }).map(
    (stored) => stored.doc._id as number,
  );
  expect(newest).toEqual([1997, 1993, 1989]);
  // The same index gives the oldest, read backwards.
  expect(planFor(collection, asked, sortFields({ at: 1 })).sorted).toBe(true);
  expect(
    select(collection, asked, { sort: { at: 1 }, limit: 2 }).map(
      (stored) => stored.doc._id as number,
    ),
  ).toEqual([1001, 1005]);
});

test("values of different types sort in MongoDB's order", () => {
  const collection = collectionOf(store, "d.sorted");
  const values = [
    null,
    -1,
    0,
    1.5,
    2 ** 40,
    "",
    "a",
    "\uffff",
    "😀",
    { a: 1 },
    false,
    true,
    new Date(0),
    /x/,
  ];
  values.toReversed().forEach((v, i) => insertDocument(store, collection, { _id: i, v }));
  const found = select(collection, {}, { sort: { v: 1 } }).map((stored) => stored.doc.v as unknown);
  expect(found).toEqual(values);
  expect(
    select(collection, {}, { sort: { v: -1 } }).map((stored) => stored.doc.v as unknown),
  ).toEqual(found.toReversed());
});
