import { noteAppended } from "../values/encode";
import { badValue, failedToParse, notImplemented, typeMismatch } from "../command-error";
import { compileElement, compileFilter } from "../query/compile-filter";
import { hasOperators } from "../query/value-tests";
import { compileSort } from "../query/compile-sort";
import {
  bsonType,
  compareValues,
  equal,
  isDocument,
  isSame,
  shown,
  typeName,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

export const UNCHANGED = Symbol("unchanged");
export const REMOVED = Symbol("removed");
type UpdateTarget = { id: BsonValue; path: string };
/** The new value, UNCHANGED or REMOVED. `undefined` stands for a missing value. */
export type ValueChange = (value: BsonValue, at: UpdateTarget) => BsonValue;

/** Compiles one operator with its operand. */
export function compileOperator(operator: string, operand: BsonValue, path: string): ValueChange {
  const compile = Object.hasOwn(UPDATE_OPERATORS, operator)
    ? UPDATE_OPERATORS[operator]
    : undefined;
  if (compile) return compile(operand, path);
  if (UNSUPPORTED.has(operator)) throw notImplemented(`The update operator ${operator}`);
  throw failedToParse(
    `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
  );
}

const set =
  (operand: BsonValue): ValueChange =>
  (value) =>
    value !== undefined && isSame(value, operand) ? UNCHANGED : operand;

function increment(operand: BsonValue, path: string): ValueChange {
  if (isLarge(operand)) throw notImplemented("$inc by a large number");
  if (typeof operand !== "number")
    throw typeMismatch(`Cannot increment with non-numeric argument: {${path}: ${shown(operand)}}`);
  return (value, { id }) => {
    if (isLarge(value)) throw notImplemented("$inc of a large number");
    if (value === undefined) return operand;
    if (typeof value !== "number")
      throw typeMismatch(
        `Cannot apply $inc to a value of non-numeric type. {_id: ${shown(id)}} has the field '${path.split(".").at(-1)}' of non-numeric type ${typeName(value)}`,
      );
    const result = value + operand;
    if (Number.isInteger(value) && Number.isInteger(operand) && !Number.isSafeInteger(result))
      throw notImplemented("An integer beyond 2^53");
    return Object.is(result, value) ? UNCHANGED : result;
  };
}

const isLarge = (value: BsonValue) => bsonType(value) === "Long";

const bound =
  (better: (order: number) => boolean) =>
  (operand: BsonValue): ValueChange =>
  (value) =>
    value === undefined || better(compareValues(operand, value)) ? operand : UNCHANGED;

function arrayFor(value: BsonValue, { id, path }: UpdateTarget): BsonValue[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw badValue(
    `The field '${path}' must be an array but is of type ${typeName(value)} in document {_id: ${shown(id)}}`,
  );
}

const PUSH_CLAUSES = new Set(["$each", "$slice", "$sort", "$position"]);

function push(operand: BsonValue): ValueChange {
  if (!isDocument(operand) || !("$each" in operand))
    return (value, at) => [...arrayFor(value, at), operand];
  const unknown = Object.keys(operand).find((name) => !PUSH_CLAUSES.has(name));
  if (unknown !== undefined) throw badValue(`Unrecognized clause in $push: ${unknown}`);
  const { $each, $slice, $sort, $position } = operand as Record<string, BsonValue>;
  if (!Array.isArray($each))
    throw badValue(
      `The argument to $each in $push must be an array but it was of type: ${typeName($each)}`,
    );
  for (const [name, number] of [
    ["$slice", $slice],
    ["$position", $position],
  ])
    if (number !== undefined && !Number.isInteger(number))
      throw badValue(`The value for ${String(name)} must be an integer value`);
  const sort = pushSort($sort);
  const isPlain = sort === null && $slice === undefined && $position === undefined;
  return (value, at) => {
    const before = arrayFor(value, at);
    if (isPlain && ($each as BsonValue[]).length > 0) {
      const values: BsonValue[] = [...before, ...($each as BsonValue[])];
      noteAppended(values, before);
      return values;
    }
    const place = $position === undefined ? before.length : ($position as number);
    let after: BsonValue[] = [...before];
    after.splice(place, 0, ...($each as BsonValue[]));
    if (sort) after = sort(after);
    if ($slice !== undefined)
      after =
        ($slice as number) < 0 ? after.slice($slice as number) : after.slice(0, $slice as number);
    return value !== undefined && isSame(before, after) ? UNCHANGED : after;
  };
}

function pushSort(spec: BsonValue): ((array: BsonValue[]) => BsonValue[]) | null {
  if (spec === undefined) return null;
  if (spec === 1 || spec === -1)
    return (array) => [...array].sort((a, b) => spec * compareValues(a, b));
  if (!isDocument(spec))
    throw badValue(
      "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields",
    );
  const sort = compileSort(spec);
  if (!sort) throw badValue("The $sort pattern is empty when it should be a set of fields.");
  return (array) => {
    if (!array.every(isDocument))
      throw notImplemented("$sort by a field of elements that are no documents");
    return sort(array as BsonDocument[], (doc) => doc);
  };
}

function addToSet(operand: BsonValue): ValueChange {
  const items =
    isDocument(operand) && "$each" in operand ? (operand.$each as BsonValue) : [operand];
  if (isDocument(operand) && "$each" in operand && Object.keys(operand).length > 1)
    throw badValue("Found unexpected fields after $each in $addToSet");
  if (!Array.isArray(items))
    throw typeMismatch("The argument to $each in $addToSet must be an array");
  return (value, { id, path }) => {
    if (value !== undefined && !Array.isArray(value))
      throw badValue(
        `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeName(value)} in document {_id: ${shown(id)}}`,
      );
    const after: BsonValue[] = [...((value as BsonValue[] | undefined) ?? [])];
    for (const one of items as BsonValue[])
      if (!after.some((candidate) => equal(candidate, one))) after.push(one);
    return value !== undefined && after.length === (value as BsonValue[]).length
      ? UNCHANGED
      : after;
  };
}

/** Removes the elements that match; changes nothing where the field is missing. */
const removing =
  (name: string, isRemoved: (element: BsonValue) => boolean): ValueChange =>
  (value) => {
    if (value === undefined) return UNCHANGED;
    if (!Array.isArray(value)) throw badValue(`Cannot apply ${name} to a non-array value`);
    const remaining = (value as BsonValue[]).filter((element) => !isRemoved(element));
    return remaining.length === value.length ? UNCHANGED : remaining;
  };

function pull(operand: BsonValue): ValueChange {
  if (!isDocument(operand))
    return removing(
      "$pull",
      operand instanceof RegExp
        ? compileElement({ $regex: operand })
        : (element) => equal(element, operand),
    );
  if (hasOperators(operand)) return removing("$pull", compileElement(operand));
  const test = compileFilter(operand);
  return removing("$pull", (element) => isDocument(element) && test(element));
}

/** Each compiles its operand; the names are the update operators that are supported. */
export const UPDATE_OPERATORS: Record<string, (operand: BsonValue, path: string) => ValueChange> = {
  $set: set,
  $setOnInsert: set,
  $unset: () => () => REMOVED,
  $inc: increment,
  $min: bound((order) => order < 0),
  $max: bound((order) => order > 0),
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
};

const UNSUPPORTED = new Set(["$bit", "$currentDate", "$mul", "$pop", "$pullAll", "$rename"]);
