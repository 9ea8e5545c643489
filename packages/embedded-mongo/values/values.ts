import { serialize, type Document } from "bson";
import { notImplemented } from "../command-error";

export type BsonValue = unknown;
export type BsonDocument = Document;

/** A plain embedded document, as opposed to an array, a date or another BSON type. */
export function isDocument(value: BsonValue): value is BsonDocument {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The value of a field; what the object inherits (`constructor`) is no field. */
export function fieldOf(doc: BsonDocument, name: string): BsonValue {
  return Object.hasOwn(doc, name) ? (doc[name] as BsonValue) : undefined;
}

/** The name of a BSON class's type (`Long`, `ObjectId`, …), or undefined for plain values. */
export function bsonType(value: BsonValue): string | undefined {
  if (typeof value !== "object" || value === null || !("_bsontype" in value)) return undefined;
  return typeof value._bsontype === "string" ? value._bsontype : undefined;
}

/** A deep copy of plain documents and arrays; other values are never changed in place and are shared. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isDocument(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item)])) as T;
}

/** The key of an `_id` in the data directory: the same string in every process. */
export function keyOf(value: BsonValue): string {
  if (value === undefined || value === null) return "n";
  if (typeof value === "number") return `#${Object.is(value, -0) ? 0 : value}`;
  if (typeof value === "string") return `s${value}`;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value instanceof Date) return `d${value.getTime()}`;
  return `x${Buffer.from(serialize({ value })).toString("base64")}`;
}

/** An empty array's value in an index. MongoDB stores the old `undefined` type there, which sorts below null. */
export const EMPTY = Symbol("empty array");

const TAGS = {
  minKey: 1,
  empty: 2,
  null: 3,
  number: 4,
  string: 5,
  object: 6,
  array: 7,
  binary: 8,
  objectId: 9,
  boolean: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  maxKey: 14,
} as const;
const CHAR = Object.fromEntries(
  Object.entries(TAGS).map(([name, tag]) => [name, String.fromCharCode(tag)]),
) as Record<keyof typeof TAGS, string>;

const float = new Float64Array(1);
const words = new Uint16Array(float.buffer);

/** Four code units that sort as doubles do, -0 as 0 and NaN first. */
function orderedDouble(value: number): string {
  if (Number.isNaN(value)) return "\u0000\u0000\u0000\u0000";
  float[0] = value === 0 ? 0 : value;
  const [d = 0, c = 0, b = 0, a = 0] = words;
  return a & 0x8000
    ? String.fromCharCode(~a & 0xffff, ~b & 0xffff, ~c & 0xffff, ~d & 0xffff)
    : String.fromCharCode(a | 0x8000, b, c, d);
}

/** Distance of a 64-bit integer from its nearest double, so that neighbors beyond 2^53 stay apart. */
function orderedLong(value: bigint): string {
  const nearest = Number(value);
  return orderedDouble(nearest) + String.fromCharCode(0x8000 + Number(value - BigInt(nearest)));
}

const BEYOND = /[\ud800-\uffff]/;

/** MongoDB compares strings by their UTF-8 bytes; surrogates sort above the other code units there. */
function orderedString(value: string): string {
  if (!value.includes("\u0000") && !BEYOND.test(value)) return `${value}\u0000\u0000`;
  let result = "";
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit === 0) result += "\u0000\u0001";
    else
      result += String.fromCharCode(
        unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800,
      );
  }
  return `${result}\u0000\u0000`;
}

function orderedDocument(doc: BsonDocument): string {
  let key = CHAR.object;
  for (const name of Object.keys(doc)) {
    const value = orderKey(doc[name]);
    key += value.charAt(0) + orderedString(name) + value.slice(1);
  }
  return `${key}\u0000`;
}

/**
 * A string by which values sort and are equal as MongoDB compares them, across types: plain string comparison of keys is
 * MongoDB's comparison of values, and keys written one after another compare as compound keys do.
 */
export function orderKey(value: BsonValue): string {
  switch (typeof value) {
    case "string":
      return CHAR.string + orderedString(value);
    case "number":
      return `${CHAR.number}${orderedDouble(value)}\u8000`;
    case "boolean":
      return value ? `${CHAR.boolean}\u0002` : `${CHAR.boolean}\u0001`;
    case "undefined":
      return CHAR.null;
    case "bigint":
      return CHAR.number + orderedLong(value);
    case "symbol":
      return CHAR.empty;
    default:
      return orderedObject(value as object | null);
  }
}

function orderedObject(value: object | null): string {
  if (value === null) return CHAR.null;
  if (Array.isArray(value)) {
    let key = CHAR.array;
    for (const item of value) key += orderKey(item);
    return `${key}\u0000`;
  }
  if (value instanceof Date) return CHAR.date + orderedDouble(value.getTime());
  if (value instanceof RegExp)
    return CHAR.regex + orderedString(value.source) + orderedString(value.flags);
  if (isDocument(value)) return orderedDocument(value);
  const type = bsonType(value);
  if (type === "ObjectId") return CHAR.objectId + String(value);
  if (type === "Long") return CHAR.number + orderedLong(BigInt(String(value)));
  if (type === "MinKey") return CHAR.minKey;
  if (type === "MaxKey") return CHAR.maxKey;
  if (type === "Timestamp")
    return CHAR.timestamp + BigInt(String(value)).toString(16).padStart(16, "0");
  if (type === "Binary") {
    const { sub_type, position, buffer } = value as {
      sub_type: number;
      position: number;
      buffer: Uint8Array;
    };
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, position).toString("latin1");
    return CHAR.binary + String.fromCharCode(position >>> 16, position & 0xffff, sub_type) + bytes;
  }
  throw notImplemented(`Comparing a ${type ?? "value of that type"}`);
}

export const tagOf = (key: string) => key.charCodeAt(0);
export const equal = (a: BsonValue, b: BsonValue) => a === b || orderKey(a) === orderKey(b);
export const compareKeys = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
export const compareValues = (a: BsonValue, b: BsonValue) => compareKeys(orderKey(a), orderKey(b));

/** Whether two values have the same BSON, so that writing one over the other changes nothing. */
export function isSame(a: BsonValue, b: BsonValue): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return Object.is(a, b);
  return a === b || Buffer.compare(serialize({ a }), serialize({ a: b })) === 0;
}

/** The same key in descending order. */
export function inverted(key: string): string {
  let result = "";
  for (let i = 0; i < key.length; i++) result += String.fromCharCode(0xffff - key.charCodeAt(i));
  return result;
}

const INDEX = /^(0|[1-9]\d{0,6})$/;
/** The array index that a path's part names, or -1. */
export const arrayIndex = (part: string) => (INDEX.test(part) ? Number(part) : -1);

const splits = new Map<string, string[]>();

/** The parts of a dotted path. Cached, because every request uses the same few paths. */
export function partsOf(path: string): string[] {
  let parts = splits.get(path);
  if (!parts) {
    if (splits.size > 5_000) splits.clear();
    splits.set(path, (parts = path.split(".")));
  }
  return parts;
}

/** The name of a value's type in MongoDB's messages. */
export function typeName(value: BsonValue): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  if (value instanceof RegExp) return "regex";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") {
    if (!Number.isInteger(value) || Object.is(value, -0)) return "double";
    return Math.abs(value) < 2 ** 31 ? "int" : "long";
  }
  if (typeof value === "string") return "string";
  const type = bsonType(value);
  return type === undefined
    ? "object"
    : type === "Binary"
      ? "binData"
      : type.charAt(0).toLowerCase() + type.slice(1);
}

/** A value as MongoDB's messages print it. */
export function shown(value: BsonValue): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (bsonType(value) === "ObjectId") return `ObjectId('${String(value)}')`;
  if (bsonType(value) === "Binary") {
    const { sub_type, position, buffer } = value as {
      sub_type: number;
      position: number;
      buffer: Uint8Array;
    };
    return `BinData(${sub_type}, ${Buffer.from(buffer).subarray(0, position).toString("hex").toUpperCase()})`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(shown).join(", ")} ]`;
  if (!isDocument(value)) return String(value);
  const fields = Object.entries(value).map(([name, item]) => `${name}: ${shown(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
