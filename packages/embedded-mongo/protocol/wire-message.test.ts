import { serialize } from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMessage, ProtocolError } from "./wire-message";

const RUNS = process.env.ONEKEY_TEST_LONG ? 400_000 : 10_000;

function message(opcode: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + body.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, body]);
}

const messages = fc
  .tuple(
    fc.dictionary(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.oneof(fc.string(), fc.integer(), fc.boolean()),
    ),
    fc.nat(2),
  )
  .map(([fields, flags]) => {
    const clean = Object.fromEntries(
      Object.entries(fields).filter(([name]) => !name.includes("\0")),
    );
    const document = serialize({ ping: 1, ...clean, $db: "admin" });
    const head = Buffer.alloc(5);
    head.writeUInt32LE(flags === 2 ? 2 : 0, 0);
    return message(2013, Buffer.concat([head, document]));
  });

test(`of ${RUNS} damaged messages each is rejected or read as another message`, () => {
  let read = 0;
  let rejections = 0;
  fc.assert(
    fc.property(
      messages,
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      fc.nat(2),
      (bytes, at, noise, how) => {
        const damagedBytes = Buffer.from(bytes);
        // The length and what was sent agree: the connection cuts messages by it.
        const place = 4 + (at % (damagedBytes.length - 4));
        const cut = how === 1 ? damagedBytes.subarray(0, Math.max(16, place)) : damagedBytes;
        if (how === 2) damagedBytes.set(noise.subarray(0, damagedBytes.length - place), place);
        try {
          const { command } = parseMessage(cut);
          expect(typeof command).toBe("object");
          read++;
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          rejections++;
        }
      },
    ),
    { numRuns: RUNS },
  );
  console.log(`${read} messages read, ${rejections} rejected`);
  expect(Math.min(read, rejections)).toBeGreaterThan(RUNS / 20);
}, 600_000);
