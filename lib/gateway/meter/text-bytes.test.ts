import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { createTextByteCounter } from "./text-bytes";

const KEYS = ["content", "arguments"];
const encodedBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

test("the strings under the keys are counted to the byte, however the stream is cut and spaced", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          content: fc.option(fc.string({ unit: "binary", maxLength: 80 })),
          other: fc.string({ maxLength: 30 }),
          nested: fc.string({ maxLength: 30 }),
        }),
        { maxLength: 12 },
      ),
      fc.array(fc.nat(3_000), { maxLength: 20 }),
      fc.boolean(),
      (events, cuts, isSpaced) => {
        const stream = events
          .map(({ content, other: otherKey, nested: innerText }) => {
            const quoting = `${otherKey}"content":"x" \\"content\\": \\"y\\"`;
            const value = {
              id: quoting,
              delta: { content, tool: { arguments: innerText }, contents: otherKey },
            };
            const json = isSpaced
              ? JSON.stringify(value, null, 1).replaceAll("\n", " ")
              : JSON.stringify(value);
            return `data: ${json}\n\n`;
          })
          .join("");
        const bytes = Buffer.from(stream);
        const counter = createTextByteCounter(KEYS);
        const at = [
          0,
          ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
          bytes.length,
        ];
        for (let i = 1; i < at.length; i++) counter.feed(bytes.subarray(at[i - 1], at[i]));
        const expectedBytes = events.reduce(
          (sum, { content, nested: innerText }) =>
            sum + encodedBytes(content ?? "") + encodedBytes(innerText),
          0,
        );
        expect(counter.total()).toBe(expectedBytes);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a large chunk is searched once per key, not once per string", () => {
  const keys = ["content", ...Array.from({ length: 9 }, (_, n) => `absent${n}`)];
  const chunk = Buffer.from('{"content":"ab"}'.repeat(2_000));
  const searches = vi.spyOn(Buffer.prototype, "indexOf");
  const counter = createTextByteCounter(keys);
  counter.feed(chunk);
  const keySearches = searches.mock.calls.filter(([value]) => typeof value !== "number");
  searches.mockRestore();
  expect(counter.total()).toBe(4_000);
  expect(keySearches.length).toBeLessThan(2_000 + 2 * keys.length);
});
