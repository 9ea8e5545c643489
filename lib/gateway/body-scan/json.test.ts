import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import { createJsonScan, scanJson } from "./json";
import { fieldTable, textOf, type ValueRule } from "./field-rules";

const accepts = (body: Buffer): boolean => {
  try {
    createJsonScan({ body, rule: {}, draft: null })();
    return true;
  } catch (error) {
    // Whatever the bytes are, only a refusal comes out.
    expect(error).toBeInstanceOf(AppError);
    return false;
  }
};
const parses = (body: Buffer): boolean => {
  try {
    JSON.parse(body.toString("utf8"));
    return true;
  } catch {
    return false;
  }
};

const RUNS = process.env.ONEKEY_TEST_LONG ? 600_000 : 30_000;

test(`a body passes exactly when JSON.parse takes it, over ${RUNS} texts, spoilt texts and spoilt bytes`, () => {
  const text = fc
    .jsonValue({ depthSize: "small" })
    .map((value) => Buffer.from(JSON.stringify(value)));
  const paddedText = fc
    .tuple(fc.string({ unit: "binary", maxLength: 90 }), fc.nat(100), fc.nat(3))
    .map(([piece, length, shift]) =>
      Buffer.from(" ".repeat(shift) + JSON.stringify(["x".repeat(length) + piece])),
    );
  const pieces = [
    "",
    '"',
    "\\",
    ",",
    "{",
    "}",
    "[",
    "]",
    "0",
    "-",
    "e",
    ".",
    " ",
    "\t",
    "\u0001",
    "\\u12",
    "tru",
    ":",
  ];
  const spoilt = fc
    .tuple(
      fc.oneof(text, paddedText),
      fc.nat(),
      fc.nat(2),
      fc.oneof(
        fc.constantFrom(...pieces).map((piece) => Buffer.from(piece)),
        fc.uint8Array({ maxLength: 3 }),
      ),
    )
    .map(([body, at, cut, piece]) => {
      const rule = at % (body.length + 1);
      return Buffer.concat([body.subarray(0, rule), piece, body.subarray(rule + cut)]);
    });
  let checkCount = 0;
  fc.assert(
    fc.property(fc.oneof(text, paddedText, spoilt, spoilt), (body) => {
      checkCount++;
      expect(accepts(body)).toBe(parses(body));
    }),
    { numRuns: RUNS },
  );
  console.log(`${checkCount} bodies checked against JSON.parse`);
}, 600_000);

test("a control character is found wherever it stands in a long string, at any alignment", () => {
  for (let shift = 0; shift < 4; shift++) {
    for (let at = 0; at < 120; at++) {
      for (const byte of [0x00, 0x1f, 0x20, 0x7f, 0x80, 0xff]) {
        const buffer = Buffer.alloc(130 + shift, "a");
        const body = buffer.subarray(shift);
        body[0] = body[129] = 0x22;
        body[at + 1] = byte;
        expect(accepts(body)).toBe(byte >= 0x20);
      }
    }
  }
});

const collect = (): { rule: ValueRule<string[]>; seen: string[] } => {
  const rule: ValueRule<string[]> = {
    on: (token, texts) =>
      texts.push(["object", "array"].includes(token.kind) ? token.kind : textOf(token)),
  };
  rule.items = rule;
  rule.fields = fieldTable({}, rule);
  return { rule, seen: [] };
};

test("a body scanned in many slices gives what it gives in one, long strings cut in the middle too", async () => {
  const value = {
    a: Array.from({ length: 3_000 }, (_, i) => ({ i, text: "line\n".repeat(i % 40) })),
    b: "tab\t".repeat(20_000),
  };
  const body = Buffer.from(JSON.stringify(value));
  const [inOnePiece, inSlices, waiting] = [collect(), collect(), collect()];
  createJsonScan({ body, rule: inOnePiece.rule, draft: inOnePiece.seen })();
  const run = createJsonScan({ body, rule: inSlices.rule, draft: inSlices.seen });
  let slices = 1;
  while (!run(0)) slices++;
  await scanJson({ body, rule: waiting.rule, draft: waiting.seen });
  expect(slices).toBeGreaterThan(20);
  expect(inSlices.seen).toEqual(inOnePiece.seen);
  expect(waiting.seen).toEqual(inOnePiece.seen);
});

test("nesting beyond 400 levels is refused, 400 is not", () => {
  expect(accepts(Buffer.from("[".repeat(400) + "]".repeat(400)))).toBe(true);
  expect(accepts(Buffer.from("[".repeat(401) + "]".repeat(401)))).toBe(false);
  expect(accepts(Buffer.from("[".repeat(5_000_000)))).toBe(false);
});

test("keys are compared as they decode, and text is given as it decodes", () => {
  const texts: string[] = [];
  const rule: ValueRule<string[]> = {
    fields: fieldTable({ kéy: { on: (token, list) => list.push(textOf(token)) } }),
  };
  createJsonScan({
    body: Buffer.from('{"k\\u00e9y":"a\\n\\u00e9","kéy":"ü","kEy":"no","ke":"no","":"no"}'),
    rule,
    draft: texts,
  })();
  expect(texts).toEqual(["a\né", "ü"]);
});
