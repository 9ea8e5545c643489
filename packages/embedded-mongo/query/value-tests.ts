import { badValue, notImplemented } from "../command-error";
import {
  bsonType,
  isDocument,
  orderKey,
  tagOf,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

export type ValueTest = (value: BsonValue) => boolean;

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

const UNSUPPORTED_TYPES = new Set([
  "Long",
  "Decimal128",
  "MinKey",
  "MaxKey",
  "Code",
  "DBRef",
  "Timestamp",
]);

/** Rejects operands whose comparison would need more than a double's exact integers, or has no order here. */
function checkOperand(operand: BsonValue): void {
  const type = bsonType(operand);
  if (type !== undefined && UNSUPPORTED_TYPES.has(type))
    throw notImplemented(`A ${type} in a filter`);
  if (typeof operand === "bigint" || (Number.isInteger(operand) && !Number.isSafeInteger(operand)))
    throw notImplemented("An integer beyond 2^53 in a filter");
  if (Array.isArray(operand)) operand.forEach(checkOperand);
  else if (isDocument(operand)) Object.values(operand).forEach(checkOperand);
}

/** A test for equality with a value; null also holds for a missing field. */
export function equality(operand: BsonValue): ValueTest {
  if (operand === null) return (value) => value === null || value === undefined;
  if (operand === undefined) throw badValue("cannot compare to undefined");
  if (typeof operand === "string" || typeof operand === "boolean")
    return (value) => value === operand;
  checkOperand(operand);
  if (typeof operand === "number" && !Number.isNaN(operand)) return (value) => value === operand;
  if (operand instanceof Date) {
    const time = operand.getTime();
    return (value) => value instanceof Date && value.getTime() === time;
  }
  const key = orderKey(operand);
  const kind = typeof operand;
  return (value) => typeof value === kind && value !== null && orderKey(value) === key;
}

const ORDERED: Record<string, (order: number) => boolean> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

/** Operators that test one value and know nothing of the array it may be in. */
export const VALUE_OPERATORS: Record<string, (operand: BsonValue) => ValueTest> = {
  $eq: (operand) => {
    if (operand instanceof RegExp) throw notImplemented("$eq with a pattern");
    return equality(operand);
  },
  $in: oneOf,
  $regex: matchesPattern,
  ...Object.fromEntries(
    Object.entries(ORDERED).map(([name, holds]) => [
      name,
      (operand: BsonValue) => comparison(name, holds, operand),
    ]),
  ),
};

/** Operators of MongoDB that are not supported; every other name is MongoDB's own error. */
const UNSUPPORTED =
  /^\$(mod|type|bits\w+|near\w*|geo\w+|text|where|jsonSchema|rand|expr|uniqueDocs|m(ax|in)Distance)$/;

/** The test of one value that an operator makes. */
export function operatorTest(name: string, operand: BsonValue): ValueTest {
  const compile = Object.hasOwn(VALUE_OPERATORS, name) ? VALUE_OPERATORS[name] : undefined;
  if (compile) return compile(operand);
  throw UNSUPPORTED.test(name) ? notImplemented(name) : badValue(`unknown operator: ${name}`);
}

function comparison(
  name: string,
  holds: (order: number) => boolean,
  operand: BsonValue,
): ValueTest {
  if (operand instanceof RegExp) throw badValue(`Can't have RegEx as arg to predicate over field.`);
  if (operand === undefined) throw badValue("cannot compare to undefined");
  if (operand === null) return name === "$gte" || name === "$lte" ? equality(null) : () => false;
  checkOperand(operand);
  if (typeof operand === "number" && !Number.isNaN(operand)) return numberComparison(name, operand);
  if (operand instanceof Date) {
    const time = operand.getTime();
    return (value) => value instanceof Date && holds(value.getTime() - time);
  }
  if (Number.isNaN(operand))
    return name === "$gte" || name === "$lte" ? (value) => Number.isNaN(value) : () => false;
  const key = orderKey(operand);
  const kind = typeof operand;
  return (value) => {
    if (typeof value !== kind || value === null) return false;
    const operandKey = orderKey(value);
    return (
      tagOf(operandKey) === tagOf(key) && holds(operandKey < key ? -1 : operandKey > key ? 1 : 0)
    );
  };
}

function numberComparison(name: string, operand: number): ValueTest {
  const test = {
    $gt: (value: number) => value > operand,
    $gte: (value: number) => value >= operand,
    $lt: (value: number) => value < operand,
    $lte: (value: number) => value <= operand,
  }[name as "$gt"];
  return (value) => {
    if (typeof value === "number") return test(value);
    if (bsonType(value) === "Long")
      throw notImplemented("Comparing a number with an integer beyond 2^53");
    return false;
  };
}

function oneOf(operand: BsonValue): ValueTest {
  if (!Array.isArray(operand)) throw badValue("$in needs an array");
  const plain = new Set<BsonValue>();
  const laterTests: ValueTest[] = [];
  for (const value of operand as BsonValue[]) {
    if (typeof value === "string" || typeof value === "boolean") plain.add(value);
    else if (hasOperators(value)) throw badValue("cannot nest $ under $in");
    else laterTests.push(value instanceof RegExp ? matchesPattern(value) : equality(value));
  }
  if (laterTests.length === 0) return (value) => plain.has(value);
  return (value) => plain.has(value) || laterTests.some((test) => test(value));
}

/** Literal text, at most with ^ before and $ after it: the patterns that PCRE and JavaScript read alike. */
const LITERAL_PATTERN = /^\^?(?:[\w @:/,#%&'"=<>~;!-]|\\[.+*?()[\]{}|^$/\\-])*\$?$/;

function matchesPattern(operand: BsonValue): ValueTest {
  const input =
    operand instanceof RegExp
      ? { pattern: operand }
      : (operand as { pattern: BsonValue; options?: BsonValue });
  const { pattern } = input;
  const options = "options" in input && typeof input.options === "string" ? input.options : "";
  const source = pattern instanceof RegExp ? pattern.source : pattern;
  if (typeof source !== "string") throw badValue("$regex has to be a string");
  const flags = options || (pattern instanceof RegExp ? pattern.flags : "");
  if (flags !== "" && flags !== "i") throw notImplemented(`A pattern with the options "${flags}"`);
  if (!LITERAL_PATTERN.test(source))
    throw notImplemented("A pattern that is more than text with ^ and $");
  const compiledPattern = new RegExp(source, flags);
  const hasEnd = source.endsWith("$") && !source.endsWith("\\$");
  return (value) => {
    if (typeof value !== "string")
      return value instanceof RegExp && value.source === source && value.flags === flags;
    // PCRE's $ also matches before a last line break, and its letters without case differ beyond ASCII.
    if (hasEnd && value.endsWith("\n"))
      throw notImplemented("A pattern with $ on text that ends in a line break");
    if (flags === "i" && /[^\0-\x7f]/.test(value))
      throw notImplemented("A pattern without case on text beyond ASCII");
    return compiledPattern.test(value);
  };
}
