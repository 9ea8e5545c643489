import { badValue, notImplemented } from "../command-error";
import { equality, hasOperators, operatorTest, type ValueTest } from "./value-tests";
import { anyAt, orElement } from "./paths";
import { isDocument, partsOf, type BsonDocument, type BsonValue } from "../values/values";

export type DocumentFilter = (doc: BsonDocument) => boolean;

/** Operators that need the field's path, in addition to those of one value. */
export const PATH_OPERATORS: ReadonlySet<string> = new Set(
  "$ne $nin $exists $size $elemMatch $all $not".split(" "),
);
export const LOGICAL_OPERATORS: ReadonlySet<string> = new Set(["$and", "$or", "$nor"]);
const UNSUPPORTED = new Set(
  "$expr $where $text $jsonSchema $sampleRate $alwaysTrue $alwaysFalse".split(" "),
);
const DEPTH_MAX = 100;

/** Compiles a filter to a test. Throws CommandError for what is not supported. */
export function compileFilter(filter: BsonDocument, depth = 0): DocumentFilter {
  if (depth > DEPTH_MAX) throw badValue("The filter is nested too deeply.");
  const tests: DocumentFilter[] = [];
  for (const name of Object.keys(filter)) {
    const operand: BsonValue = filter[name];
    if (!name.startsWith("$")) tests.push(compileField(name, operand, depth));
    else if (name !== "$comment") tests.push(compileLogical(name, operand, depth));
  }
  return all(tests);
}

function all(tests: DocumentFilter[]): DocumentFilter {
  const [first, second] = tests;
  if (!first) return () => true;
  if (!second) return first;
  return (doc) => {
    for (const test of tests) if (!test(doc)) return false;
    return true;
  };
}

function compileLogical(name: string, operand: BsonValue, depth: number): DocumentFilter {
  if (UNSUPPORTED.has(name)) throw notImplemented(name);
  if (!LOGICAL_OPERATORS.has(name)) throw badValue(`unknown top level operator: ${name}`);
  if (!Array.isArray(operand) || operand.length === 0)
    throw badValue(`${name} must be a nonempty array`);
  const parts = operand.map((part: BsonValue) => {
    if (!isDocument(part)) throw badValue("$or/$and/$nor entries need to be full objects");
    return compileFilter(part, depth + 1);
  });
  if (name === "$and") return all(parts);
  return name === "$or"
    ? (doc) => parts.some((part) => part(doc))
    : (doc) => !parts.some((part) => part(doc));
}

function compileField(path: string, operand: BsonValue, depth: number): DocumentFilter {
  const parts = partsOf(path);
  if (!hasOperators(operand)) {
    const test = orElement(
      operand instanceof RegExp ? operatorTest("$regex", operand) : equality(operand),
    );
    return (doc) => anyAt(doc, parts, 0, test);
  }
  return all(compileOperators(parts, operand, depth));
}

function compileOperators(
  parts: string[],
  operators: BsonDocument,
  depth: number,
): DocumentFilter[] {
  const tests: DocumentFilter[] = [];
  for (const name of Object.keys(operators)) {
    if (name === "$options" && "$regex" in operators) continue;
    const operand: BsonValue =
      name === "$regex"
        ? { pattern: operators.$regex, options: operators.$options }
        : operators[name];
    tests.push(compileOperator(parts, name, operand, depth));
  }
  return tests;
}

function compileOperator(
  parts: string[],
  name: string,
  operand: BsonValue,
  depth: number,
): DocumentFilter {
  const any =
    (test: (value: BsonValue) => boolean): DocumentFilter =>
    (doc) =>
      anyAt(doc, parts, 0, test);
  const noneMatch =
    (test: (value: BsonValue) => boolean): DocumentFilter =>
    (doc) =>
      !anyAt(doc, parts, 0, test);
  switch (name) {
    case "$ne":
      if (operand instanceof RegExp) throw badValue("Can't have regex as arg to $ne.");
      return noneMatch(orElement(equality(operand)));
    case "$nin":
      return noneMatch(orElement(operatorTest("$in", operand)));
    case "$exists":
      return isExistsTrue(operand)
        ? any((value) => value !== undefined)
        : noneMatch((value) => value !== undefined);
    case "$size":
      if (typeof operand !== "number" || !Number.isInteger(operand) || operand < 0)
        throw badValue("Failed to parse $size. Expected a non-negative integer");
      return any((value) => Array.isArray(value) && value.length === operand);
    case "$elemMatch":
      return any(elementMatch(operand, depth));
    case "$all":
      return compileAll(parts, operand, depth);
    case "$not":
      return compileNot(parts, operand, depth);
    default:
      return any(orElement(operatorTest(name, operand)));
  }
}

function isExistsTrue(operand: BsonValue): boolean {
  return operand !== false && operand !== 0 && operand !== null && operand !== undefined;
}

function compileNot(parts: string[], operand: BsonValue, depth: number): DocumentFilter {
  if (operand instanceof RegExp) {
    const test = orElement(operatorTest("$regex", operand));
    return (doc) => !anyAt(doc, parts, 0, test);
  }
  if (!isDocument(operand) || !hasOperators(operand))
    throw badValue("$not needs a regex or a document");
  const inner = all(compileOperators(parts, operand, depth + 1));
  return (doc) => !inner(doc);
}

function compileAll(parts: string[], operand: BsonValue, depth: number): DocumentFilter {
  if (!Array.isArray(operand)) throw badValue("$all needs an array");
  if (operand.length === 0) return () => false;
  const elementMatches = operand.filter(
    (item: BsonValue) => isDocument(item) && "$elemMatch" in item,
  );
  if (elementMatches.length > 0 && elementMatches.length < operand.length)
    throw badValue("no $ expressions in $all");
  return all(
    operand.map((item: BsonValue) => {
      if (elementMatches.length > 0) {
        if (Object.keys(item as BsonDocument).length > 1)
          throw badValue("$all/$elemMatch has to be consistent");
        const element = elementMatch((item as BsonDocument).$elemMatch, depth);
        return (doc: BsonDocument) => anyAt(doc, parts, 0, element);
      }
      if (hasOperators(item)) throw badValue("no $ expressions in $all");
      const test = orElement(
        item instanceof RegExp ? operatorTest("$regex", item) : equality(item),
      );
      return (doc: BsonDocument) => anyAt(doc, parts, 0, test);
    }),
  );
}

/** The test of one array element that `$elemMatch` makes; on the value itself when its operand is made of operators. */
export function compileElement(operand: BsonDocument, depth = 0): ValueTest {
  const [first] = Object.keys(operand);
  const byValue = first !== undefined && first.startsWith("$") && !LOGICAL_OPERATORS.has(first);
  if (!byValue) {
    const test = compileFilter(operand, depth + 1);
    // An array in an array is a document with its places as names.
    return (element) =>
      isDocument(element)
        ? test(element)
        : Array.isArray(element) && test({ ...(element as BsonValue[]) });
  }
  if (UNSUPPORTED.has(first)) throw notImplemented(first);
  const tests = compileOperators(["e"], operand, depth + 1);
  return (element) => {
    if (Array.isArray(element)) throw notImplemented("$elemMatch on an array inside an array");
    const holder = { e: element };
    return tests.every((test) => test(holder));
  };
}

function elementMatch(operand: BsonValue, depth: number): ValueTest {
  if (!isDocument(operand)) throw badValue("$elemMatch needs an Object");
  const test = compileElement(operand, depth);
  return (value) => Array.isArray(value) && value.some(test);
}
