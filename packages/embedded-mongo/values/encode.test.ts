import { Binary, Decimal128, Long, MaxKey, MinKey, ObjectId, serialize, Timestamp } from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encode, noteAppended } from "./encode";
import type { BsonDocument } from "./values";

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1e300, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 2 ** 53, Number.NaN, Infinity),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: true }),
  fc.constantFrom<unknown>(
    new ObjectId("64f0c0ffee64f0c0ffee64f0"),
    new Binary(Buffer.from("bytes"), 0),
    Long.fromString("9007199254740993"),
    Decimal128.fromString("1.5"),
    new Timestamp({ t: 5, i: 1 }),
    new MinKey(),
    new MaxKey(),
    /a.b/i,
    12n,
  ),
);
const name = fc
  .string()
  .filter((text) => !text.includes("\u0000") && text !== "__proto__" && text !== "toBSON");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 12 }),
    fc.dictionary(name, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const documents = fc.dictionary(name, value, { noNullPrototype: true });
/** Compared as hexadecimal text: a difference is shown by its place. */
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const expectedHex = (doc: BsonDocument) => hex(serialize(doc, { ignoreUndefined: true }));

test("the BSON of a document equals the bson package's, also from cached parts", () => {
  fc.assert(
    fc.property(documents, (doc) => {
      expect(hex(encode(doc))).toBe(expectedHex(doc));
      expect(hex(encode({ more: 1, ...doc, inner: doc }))).toBe(
        expectedHex({ more: 1, ...doc, inner: doc }),
      );
    }),
    { numRuns: 500 },
  );
});

test("an appended array is encoded from the cached one before it", () => {
  const lists = fc.array(value, { maxLength: 12 });
  fc.assert(
    fc.property(lists, lists, lists, (first, second, third) => {
      encode({ list: first });
      const longer = [...first, ...second];
      const longest = [...longer, ...third];
      noteAppended(longer, first);
      expect(hex(encode({ list: longer }))).toBe(expectedHex({ list: longer }));
      noteAppended(longest, longer);
      expect(hex(encode({ before: 1, list: longest }))).toBe(
        expectedHex({ before: 1, list: longest }),
      );
    }),
    { numRuns: 300 },
  );
});

test("documents larger than the buffer are encoded, names with NUL rejected", () => {
  const large = {
    list: Array.from({ length: 3_000 }, (_, i) => ({ i, text: "grüße 世界 ".repeat(20) })),
  };
  expect(hex(encode(large))).toBe(expectedHex(large));
  expect(() => encode({ "a\u0000b": 1 })).toThrow();
  expect(() => encode({ a: { "a\u0000b": 1 } })).toThrow();
  expect(hex(encode({ after: "a refusal" }))).toBe(expectedHex({ after: "a refusal" }));
});
