import { badValue, failedToParse, notImplemented } from "../command-error";
import {
  bsonType,
  isDocument,
  orderKey,
  tagOf,
  typeName,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

type ValueTest = (value: BsonValue) => boolean;

/** True for `{ $gt: 1 }`, false for a document that is a value. */
export function hasOperators(operand: BsonValue): operand is BsonDocument {
  if (!isDocument(operand)) return false;
  for (const name in operand) {
    if (name.charCodeAt(0) === 36 && name !== "$ref" && name !== "$id" && name !== "$db")
      return true;
    return false;
  }
  return false;
}

/** Refuses what a filter may not hold here: 64-bit integers beyond 2^53, decimals, and what has no order of its own. */
function refuseOperand(operand: BsonValue): void {
  const type = bsonType(operand);
  if (type === "Long" || type === "Decimal128") throw notImplemented(`A ${type} in a filter`);
  if (type === "MinKey" || type === "MaxKey" || type === "Code" || type === "DBRef")
    throw notImplemented(`A ${type} in a filter`);
  if (Array.isArray(operand)) operand.forEach(refuseOperand);
  else if (isDocument(operand)) Object.values(operand).forEach(refuseOperand);
}

/** A test for equality with a value; null also holds for a missing field. */
export function equality(operand: BsonValue): ValueTest {
  if (operand === null) return (value) => value === null || value === undefined;
  if (operand === undefined) throw badValue("cannot compare to undefined");
  if (typeof operand === "string" || typeof operand === "boolean")
    return (value) => value === operand;
  if (typeof operand === "number" && Number.isSafeInteger(operand))
    return (value) => value === operand || isDecimal(value);
  if (operand instanceof Date) {
    const time = operand.getTime();
    return (value) => value instanceof Date && value.getTime() === time;
  }
  refuseOperand(operand);
  const key = orderKey(operand);
  const kind = typeof operand;
  return (value) =>
    typeof value === kind && value !== null && isComparable(value, key) && orderKey(value) === key;
}

/** False, or a refusal: a decimal that equals a number would need decimal arithmetic. */
function isDecimal(value: BsonValue): boolean {
  if (bsonType(value) === "Decimal128") throw notImplemented("Comparing a Decimal128");
  return false;
}

/** Keeps values of other types from being encoded, and from being refused as they are. */
function isComparable(value: BsonValue, key: string): boolean {
  const tag = tagOf(key);
  if (Array.isArray(value)) return tag === TAG_OF_ARRAY;
  if (value instanceof Date || value instanceof RegExp) return tagOf(orderKey(value)) === tag;
  if (isDocument(value)) return tag === TAG_OF_OBJECT;
  return bsonType(value) !== "Decimal128" || tag === TAG_OF_NUMBER;
}

const TAG_OF_NUMBER = tagOf(orderKey(1));
const TAG_OF_OBJECT = tagOf(orderKey({}));
const TAG_OF_ARRAY = tagOf(orderKey([]));

const ORDERED: Record<string, (order: number) => boolean> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

const TYPES: Record<string, string> = {
  2: "string",
  3: "object",
  4: "array",
  5: "binData",
  7: "objectId",
  8: "bool",
};
Object.assign(TYPES, { 9: "date", 10: "null", 11: "regex", 17: "timestamp", 19: "decimal" });
const TYPE_NAMES = new Set([...Object.values(TYPES), "number"]);

/** A test of one value for an operator that looks at a value by itself. */
export function operatorTest(name: string, operand: BsonValue): ValueTest {
  const ordered = Object.hasOwn(ORDERED, name) ? ORDERED[name] : undefined;
  if (ordered) return comparison(name, ordered, operand);
  switch (name) {
    case "$eq":
      if (operand instanceof RegExp) throw notImplemented("$eq with a pattern");
      return equality(operand);
    case "$in":
      return oneOf(operand);
    case "$regex":
      return pattern(operand);
    case "$mod":
      return remainder(operand);
    case "$type":
      return ofType(operand);
    default:
      if (
        /^\$(near|geo|bits|nearSphere|text|where|jsonSchema|rand|uniqueDocs|maxDistance|minDistance)/.test(
          name,
        )
      )
        throw notImplemented(name);
      throw badValue(`unknown operator: ${name}`);
  }
}

function comparison(
  name: string,
  holds: (order: number) => boolean,
  operand: BsonValue,
): ValueTest {
  if (operand instanceof RegExp) throw badValue(`Can't have RegEx as arg to predicate over field.`);
  if (operand === undefined) throw badValue("cannot compare to undefined");
  if (operand === null) return name === "$gte" || name === "$lte" ? equality(null) : () => false;
  if (typeof operand === "number" && !Number.isNaN(operand)) return numberComparison(name, operand);
  if (operand instanceof Date) {
    const time = operand.getTime();
    return (value) => value instanceof Date && holds(value.getTime() - time);
  }
  if (Number.isNaN(operand))
    return name === "$gte" || name === "$lte" ? (value) => Number.isNaN(value) : () => false;
  refuseOperand(operand);
  const key = orderKey(operand);
  const kind = typeof operand;
  return (value) => {
    if (typeof value !== kind || value === null || !isComparable(value, key)) return false;
    const other = orderKey(value);
    return tagOf(other) === tagOf(key) && holds(other < key ? -1 : other > key ? 1 : 0);
  };
}

function numberComparison(name: string, operand: number): ValueTest {
  const test = {
    $gt: (value: number) => value > operand,
    $gte: (value: number) => value >= operand,
    $lt: (value: number) => value < operand,
    $lte: (value: number) => value <= operand,
  }[name as "$gt"];
  const key = orderKey(operand);
  return (value) => {
    if (typeof value === "number") return test(value);
    const type = bsonType(value);
    if (type !== "Long" && type !== "Decimal128") return false;
    const other = orderKey(value);
    return (ORDERED[name] as (order: number) => boolean)(other < key ? -1 : other > key ? 1 : 0);
  };
}

function oneOf(operand: BsonValue): ValueTest {
  if (!Array.isArray(operand)) throw badValue("$in needs an array");
  const plain = new Set<BsonValue>();
  const others: ValueTest[] = [];
  for (const each of operand as BsonValue[]) {
    if (typeof each === "string" || typeof each === "boolean") plain.add(each);
    else if (hasOperators(each)) throw badValue("cannot nest $ under $in");
    else others.push(each instanceof RegExp ? pattern(each) : equality(each));
  }
  if (others.length === 0) return (value) => plain.has(value);
  return (value) => plain.has(value) || others.some((test) => test(value));
}

// What PCRE reads in another way than JavaScript, or JavaScript not at all.
const OTHERWISE = /\\[AZzGQEhHRKXNpPgkC]|\[\[[:.=]|\(\?[^:=!<]|\(\?<[^=!]|\(\*|[+*?}]\+/;

const PLAIN = /^\^?(?:[\w @:/,#%&'"=<>~;!-]|\\[.+*?()[\]{}|^$/\\-])*\$?$/;
const BEYOND_ASCII = /[\r\u0080-\uffff]/;

function pattern(operand: BsonValue): ValueTest {
  const given =
    operand instanceof RegExp
      ? { pattern: operand }
      : (operand as { pattern: BsonValue; options?: BsonValue });
  let source = given.pattern;
  let flags = "options" in given && typeof given.options === "string" ? given.options : "";
  if (source instanceof RegExp) {
    flags ||= source.flags;
    source = source.source;
  }
  if (typeof source !== "string") throw badValue("$regex has to be a string");
  if (/[^ims]/.test(flags)) throw notImplemented(`A pattern with the options "${flags}"`);
  if (OTHERWISE.test(source) || (flags.includes("m") && /[$^]/.test(source)))
    throw notImplemented("A pattern of that kind");
  let compiled: RegExp;
  try {
    compiled = new RegExp(source, [...new Set(flags)].join(""));
  } catch (error) {
    throw Object.assign(badValue("Regular expression is invalid"), { cause: error });
  }
  // Without "m", PCRE's $ also matches before a last line break; what . and \s match beyond ASCII differs too.
  const endsOnBreak = source.includes("$");
  const plain = PLAIN.test(source);
  return (value) => {
    if (typeof value !== "string")
      return value instanceof RegExp && value.source === source && value.flags === flags;
    if (endsOnBreak && value.endsWith("\n"))
      throw notImplemented("A pattern with $ on a text that ends in a line break");
    if (!plain && BEYOND_ASCII.test(value))
      throw notImplemented("Such a pattern on text beyond ASCII");
    return compiled.test(value);
  };
}

function remainder(operand: BsonValue): ValueTest {
  const [divisor, rest] =
    Array.isArray(operand) && operand.length === 2 ? (operand as BsonValue[]) : [];
  if (typeof divisor !== "number" || typeof rest !== "number")
    throw badValue("malformed mod, not enough elements or not numbers");
  if (Math.trunc(divisor) === 0) throw badValue("divisor cannot be 0");
  return (value) => {
    if (bsonType(value) === "Long" || bsonType(value) === "Decimal128")
      throw notImplemented("$mod of a large number");
    if (typeof value !== "number" || !Number.isFinite(value)) return false;
    return Math.trunc(value) % Math.trunc(divisor) === Math.trunc(rest);
  };
}

function ofType(operand: BsonValue): ValueTest {
  const names = (Array.isArray(operand) ? operand : [operand]).map((each: BsonValue) => {
    const name = typeof each === "number" ? TYPES[each] : each;
    if (typeof name !== "string" || !TYPE_NAMES.has(name)) {
      if (["int", "long", "double", 1, 16, 18].includes(each as string))
        throw notImplemented(`$type "${String(each)}"`);
      throw failedToParse(`Unknown type name alias: ${String(each)}`);
    }
    return name;
  });
  return (value) => {
    if (value === undefined) return false;
    const name = typeName(value);
    const number = typeof value === "number" || name === "long" || name === "decimal128";
    return names.includes(
      number ? (name === "decimal128" && names.includes("decimal") ? "decimal" : "number") : name,
    );
  };
}
