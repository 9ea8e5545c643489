import fc from "fast-check";
import { expect, test } from "vitest";
import { frame, unframe } from "./frames";

test("a message is the same after framing, whatever it contains", () => {
  const pieces = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom("\n", "\r\n", "\n\n", "data: ", "\ndata: ", "\r", '{"a":\n1}', ""),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
      const message = Buffer.from(list.join(""));
      expect(unframe(frame(message))).toEqual(message);
    }),
    { numRuns: 2_000 },
  );
});

test("a message is one event, however many lines it has", () => {
  expect(frame(Buffer.from('{"a":1}')).toString()).toBe('data: {"a":1}\n\n');
  expect(frame(Buffer.from("{\n\n}")).toString()).toBe("data: {\ndata: \ndata: }\n\n");
});
