import { notImplemented } from "../command-error";

const LONG = 0x12;
const DOUBLE = 0x01;
const DECIMAL = 0x13;
const DOCUMENT = 0x03;
const ARRAY = 0x04;

/**
 * Rejects numbers in a document's BSON that would come back as another type once they were read and written again: 64-bit
 * integers below 2^53, doubles with the value of a 32-bit integer, and decimals. The driver sends none of them for a JavaScript
 * number. With `fields`, only those fields of the document are checked.
 */
export function checkNumbers(bytes: Uint8Array, fields?: ReadonlySet<string>): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkDocument(view, 0, fields);
}

function checkDocument(view: Buffer, start: number, fields?: ReadonlySet<string>): void {
  const end = start + view.readInt32LE(start) - 1;
  for (let at = start + 4; at < end;) {
    const type = view[at] as number;
    const nameEnd = view.indexOf(0, at + 1);
    const value = nameEnd + 1;
    const isChecked = fields === undefined || fields.has(view.toString("latin1", at + 1, nameEnd));
    if (isChecked) checkValue(view, type, value);
    at = value + valueLength(view, type, value);
  }
}

function checkValue(view: Buffer, type: number, at: number): void {
  if (type === DOCUMENT || type === ARRAY) checkDocument(view, at);
  else if (type === DECIMAL) throw notImplemented("A Decimal128");
  else if (type === LONG) {
    const value = view.readBigInt64LE(at);
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER)
      throw notImplemented("A 64-bit integer below 2^53");
  } else if (type === DOUBLE) {
    const value = view.readDoubleLE(at);
    if (value === (value | 0) && !Object.is(value, -0))
      throw notImplemented("A double with the value of an integer");
  }
}

/** Bytes of the types with a fixed length; of those before 0x14, what is missing has one stated in the value. */
const FIXED: Record<number, number> = {
  0x01: 8,
  0x06: 0,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  0x10: 4,
  0x11: 8,
  0x12: 8,
  0x13: 16,
  0x7f: 0,
  0xff: 0,
};

function valueLength(view: Buffer, type: number, at: number): number {
  const fixedBytes = FIXED[type];
  if (fixedBytes !== undefined) return fixedBytes;
  switch (type) {
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + view.readInt32LE(at);
    case 0x03:
    case 0x04:
    case 0x0f:
      return view.readInt32LE(at);
    case 0x05:
      return 5 + view.readInt32LE(at);
    case 0x0b:
      return view.indexOf(0, view.indexOf(0, at) + 1) + 1 - at;
    case 0x0c:
      return 4 + view.readInt32LE(at) + 12;
    default:
      throw notImplemented(`A value of the BSON type ${type}`);
  }
}
