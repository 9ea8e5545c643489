import { compileFilter, type Filter } from "./filters";
import { CommandError, badValue, failedToParse, notImplemented } from "./errors";
import { copy, equal, isDocument, type Doc, type Value } from "./values";
import { compare } from "mingo/util";

type Container = Doc | Value[];
type Change = (container: Container, name: string | number) => void;

const at = (container: Container, name: string | number): Value =>
  Array.isArray(container) ? container[Number(name)] : container[name];
function put(container: Container, name: string | number, value: Value): void {
  if (Array.isArray(container)) {
    while (container.length < Number(name)) container.push(null);
    container[Number(name)] = value;
  } else container[name] = value;
}

/** The document after an update: operators applied to a copy, or a replacement that keeps `_id`. */
export function applyUpdate(input: { doc: Doc; update: Doc | Doc[]; arrayFilters?: Doc[]; inserting?: boolean }): Doc {
  const { doc, update, arrayFilters = [], inserting = false } = input;
  if (Array.isArray(update)) throw notImplemented("An update by an aggregation pipeline");
  const names = Object.keys(update);
  if (names.length === 0 || !names[0]?.startsWith("$")) {
    if (names.some((name) => name.startsWith("$"))) throw failedToParse("A replacement document holds no operators.");
    const { _id, ...rest } = update;
    return sameId(doc, { _id: _id ?? doc._id, ...copy(rest) });
  }
  const filters = namedFilters(arrayFilters);
  const after = copy(doc);
  const touched: string[] = [];
  for (const [operator, fields] of Object.entries(update)) {
    const make = OPERATORS[operator];
    if (!make)
      throw failedToParse(
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    if (!isDocument(fields))
      throw failedToParse(`Modifiers operate on fields but we found type ${typeof fields} instead.`);
    if (operator === "$setOnInsert" && !inserting) continue;
    for (const [path, operand] of Object.entries(fields)) {
      const clash = touched.find(
        (other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`),
      );
      if (clash !== undefined)
        throw new CommandError(
          40,
          "ConflictingUpdateOperators",
          `Updating the path '${path}' would create a conflict at '${clash}'`,
        );
      touched.push(path);
      walk({
        container: after,
        parts: path.split("."),
        path,
        filters,
        create: operator !== "$unset" && operator !== "$pull",
        change: make(operand, path),
      });
    }
  }
  return sameId(doc, after);
}

function sameId(before: Doc, after: Doc): Doc {
  if (before._id !== undefined && !equal(before._id, after._id)) {
    throw new CommandError(
      66,
      "ImmutableField",
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  return after;
}

/** The array filters by their names: `{ "p.id": 1 }` tests an element's `id`, as `p`. */
function namedFilters(list: Doc[]): Map<string, Filter> {
  const named = new Map<string, Filter>();
  for (const filter of list) {
    const names = new Set(Object.keys(filter).map((path) => path.split(".")[0] ?? ""));
    const [name = ""] = names;
    if (names.size !== 1 || name.startsWith("$"))
      throw failedToParse("Each array filter names one identifier, without logical operators here.");
    if (named.has(name)) throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    const inner = Object.fromEntries(
      Object.entries(filter).map(([path, value]) => [`element${path.slice(name.length)}`, value as Value]),
    );
    const test = compileFilter(inner);
    named.set(name, (element) => test({ element }));
  }
  return named;
}

type Walk = {
  container: Container;
  parts: string[];
  path: string;
  filters: Map<string, Filter>;
  create: boolean;
  change: Change;
};

function walk({ container, parts, path, filters, create, change }: Walk): void {
  const [name = "", ...rest] = parts;
  if (name === "$") throw notImplemented("The positional operator $");
  const filtered = /^\$\[(\w*)\]$/.exec(name);
  if (filtered) {
    if (!Array.isArray(container))
      throw badValue(`The path '${path}' must exist in the document in order to apply array updates.`);
    const test = filtered[1] ? filters.get(filtered[1]) : () => true;
    if (!test) throw badValue(`No array filter found for identifier '${filtered[1]}' in path '${path}'`);
    container.forEach((element, i) => {
      if (!test(element as Doc)) return;
      if (rest.length === 0) change(container, i);
      else if (isDocument(element) || Array.isArray(element))
        walk({ container: element, parts: rest, path, filters, create, change });
    });
    return;
  }
  if (Array.isArray(container) && !/^\d+$/.test(name))
    throw new CommandError(28, "PathNotViable", `Cannot create field '${name}' in an array element of path '${path}'`);
  if (rest.length === 0) return change(container, name);
  let inner = at(container, name);
  if (inner === undefined || inner === null) {
    if (rest[0]?.startsWith("$["))
      throw badValue(`The path '${path}' must exist in the document in order to apply array updates.`);
    if (inner === null && create)
      throw new CommandError(28, "PathNotViable", `Cannot create field '${rest[0]}' in element {${name}: null}`);
    if (!create) return;
    inner = {};
    put(container, name, inner);
  }
  if (!isDocument(inner) && !Array.isArray(inner)) {
    if (!create) return;
    throw new CommandError(28, "PathNotViable", `Cannot create field '${rest[0]}' in a value that is not an object`);
  }
  walk({ container: inner, parts: rest, path, filters, create, change });
}

const isNumber = (value: Value): value is number => typeof value === "number";

function arithmetic(name: string, combine: (a: number, b: number) => number): (operand: Value, path: string) => Change {
  return (operand, path) => {
    if (!isNumber(operand)) throw new CommandError(14, "TypeMismatch", `Cannot ${name} with non-numeric argument`);
    return (container, field) => {
      const value = at(container, field);
      if (value !== undefined && !isNumber(value))
        throw new CommandError(14, "TypeMismatch", `Cannot apply ${name} to a value of non-numeric type at '${path}'`);
      const result = combine(value ?? 0, operand);
      if (Number.isInteger(value ?? 0) && Number.isInteger(operand) && !Number.isSafeInteger(result))
        throw notImplemented("An integer beyond 2^53");
      put(container, field, result);
    };
  };
}

const list = (container: Container, field: string | number, path: string): Value[] => {
  const value = at(container, field);
  if (value === undefined) {
    const made: Value[] = [];
    put(container, field, made);
    return made;
  }
  if (!Array.isArray(value)) throw badValue(`The field '${path}' must be an array`);
  return value;
};

const each = (operand: Value): Value[] => {
  if (!isDocument(operand) || !("$each" in operand)) return [operand];
  const others = Object.keys(operand).filter((name) => name !== "$each");
  if (others.length > 0) throw notImplemented(`$push with ${others.join(", ")}`);
  if (!Array.isArray(operand.$each)) throw badValue("The argument to $each must be an array");
  return operand.$each;
};

const bound =
  (better: (order: number) => boolean) => (operand: Value) => (container: Container, field: string | number) => {
    const value = at(container, field);
    if (value === undefined || better(compare(operand, value))) put(container, field, copy(operand));
  };

const set =
  (operand: Value): Change =>
  (container, field) =>
    put(container, field, copy(operand));

const OPERATORS: Record<string, (operand: Value, path: string) => Change> = {
  $set: set,
  $setOnInsert: set,
  $unset: () => (container, field) => {
    if (Array.isArray(container)) {
      if (Number(field) < container.length) container[Number(field)] = null;
    } else delete container[field];
  },
  $inc: arithmetic("$inc", (a, b) => a + b),
  $mul: arithmetic("$mul", (a, b) => a * b),
  $min: bound((order) => order < 0),
  $max: bound((order) => order > 0),
  $push: (operand, path) => (container, field) => void list(container, field, path).push(...copy(each(operand))),
  $addToSet: (operand, path) => (container, field) => {
    const present = list(container, field, path);
    for (const value of each(operand)) if (!present.some((other) => equal(other, value))) present.push(copy(value));
  },
  $pull: (operand, path) => {
    const isCondition = isDocument(operand);
    const operators = isCondition && Object.keys(operand).some((name) => name.startsWith("$"));
    const test = isCondition ? compileFilter(operators ? { element: operand } : operand) : null;
    return (container, field) => {
      const value = at(container, field);
      if (value === undefined) return;
      if (!Array.isArray(value))
        throw new CommandError(2, "BadValue", `Cannot apply $pull to a non-array value at '${path}'`);
      put(
        container,
        field,
        value.filter(
          (element: Value) =>
            !(test ? (operators ? test({ element }) : isDocument(element) && test(element)) : equal(element, operand)),
        ),
      );
    };
  },
};
