import { serialize } from "bson";
import { isDocument, type BsonDocument, type BsonValue } from "./values";

/**
 * BSON of documents and arrays inside stored documents. They never change: an update copies the ones on its path and shares the
 * others. So the BSON of a changed document is mostly copied from here.
 */
const encodings = new WeakMap<object, Uint8Array>();
/** Arrays that begin with all elements of another one, until they are encoded. */
const appendedArrays = new WeakMap<BsonValue[], BsonValue[]>();

/** Notes that an array is another one with more elements at its end, so that the shared BSON is copied. */
export function noteAppended(array: BsonValue[], before: BsonValue[]): void {
  appendedArrays.set(array, before);
}

const DOUBLE = new DataView(new ArrayBuffer(8));
let scratch = Buffer.allocUnsafe(64 * 1024);
let at = 0;

/** A document's BSON: byte for byte what the `bson` package writes with `ignoreUndefined`. */
export function encode(doc: BsonDocument): Uint8Array {
  const from = at;
  try {
    writeDocument(doc);
    return Uint8Array.prototype.slice.call(scratch, from, at);
  } finally {
    at = from;
  }
}

function reserve(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function writeDocument(doc: BsonDocument): void {
  const start = open();
  for (const name in doc) writeElement(name, doc[name]);
  close(start);
}

function writeArray(array: BsonValue[]): void {
  const start = open();
  const before = appendedArrays.get(array);
  const encoding = before && encodings.get(before);
  if (encoding) {
    // The elements, without the length before them and the end after them.
    reserve(encoding.length - 5);
    scratch.set(encoding.subarray(4, -1), at);
    at += encoding.length - 5;
  }
  appendedArrays.delete(array);
  for (let i = encoding ? before.length : 0; i < array.length; i++)
    writeElement(String(i), array[i] === undefined ? null : array[i]);
  close(start);
}

function open(): number {
  reserve(5);
  at += 4;
  return at - 4;
}

function close(start: number): void {
  reserve(1);
  scratch[at++] = 0;
  scratch.writeInt32LE(at - start, start);
}

function writeElement(name: string, value: BsonValue): void {
  switch (typeof value) {
    case "undefined":
      return;
    case "string":
      return writeString(name, value);
    case "number":
      return writeNumber(name, value);
    case "boolean":
      writeName(0x08, name, 1);
      scratch[at++] = value ? 1 : 0;
      return;
    case "object":
      if (value === null) return writeName(0x0a, name, 0);
      if (value instanceof Date && !Number.isNaN(value.getTime()))
        return writeDate(name, value.getTime());
      if (Array.isArray(value)) return writeInner(0x04, name, value);
      if (isDocument(value) && !("_bsontype" in value) && !("toBSON" in value))
        return writeInner(0x03, name, value);
      return writeOther(name, value);
    default:
      return writeOther(name, value);
  }
}

/** Writes an element's type and name, and reserves `extraBytes` after it. */
function writeName(type: number, name: string, extraBytes: number): void {
  reserve(name.length * 3 + 2 + extraBytes);
  scratch[at++] = type;
  if (name.includes("\u0000")) throw new RangeError("A field's name holds a NUL.");
  writeText(name);
  scratch[at++] = 0;
}

/** Up to this length, writing bytes one by one is faster than calling into the runtime. */
const SHORT_TEXT = 32;

function writeText(text: string): void {
  const from = at;
  if (text.length <= SHORT_TEXT) {
    let i = 0;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) break;
      scratch[at++] = unit;
    }
    if (i === text.length) return;
  }
  at = from + scratch.write(text, from, "utf8");
}

function writeString(name: string, value: string): void {
  writeName(0x02, name, 5 + value.length * 3);
  const length = at;
  at += 4;
  writeText(value);
  scratch[at++] = 0;
  scratch.writeInt32LE(at - length - 4, length);
}

function writeNumber(name: string, value: number): void {
  if (Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0)) {
    writeName(0x10, name, 4);
    at = scratch.writeInt32LE(value, at);
    return;
  }
  writeName(0x01, name, 8);
  DOUBLE.setFloat64(0, value, true);
  for (let i = 0; i < 8; i++) scratch[at++] = DOUBLE.getUint8(i);
}

function writeDate(name: string, time: number): void {
  writeName(0x09, name, 8);
  const high = Math.floor(time / 2 ** 32);
  scratch.writeUInt32LE(time - high * 2 ** 32, at);
  scratch.writeInt32LE(high, at + 4);
  at += 8;
}

function writeInner(type: number, name: string, value: BsonDocument | BsonValue[]): void {
  const encoding = encodings.get(value);
  writeName(type, name, encoding?.length ?? 0);
  if (encoding) {
    scratch.set(encoding, at);
    at += encoding.length;
    return;
  }
  const from = at;
  if (Array.isArray(value)) writeArray(value);
  else writeDocument(value);
  encodings.set(value, Uint8Array.prototype.slice.call(scratch, from, at));
}

/** Identifiers and the rarer types, as the `bson` package writes them. */
function writeOther(name: string, value: BsonValue): void {
  const one = serialize({ [name]: value }, { ignoreUndefined: true });
  reserve(one.length);
  scratch.set(one.subarray(4, one.length - 1), at);
  at += one.length - 5;
}
