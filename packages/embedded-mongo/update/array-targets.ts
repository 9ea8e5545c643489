import { badValue, failedToParse, notImplemented } from "../command-error";
import { compileFilter, type DocumentFilter } from "../query/compile-filter";
import { hasOperators } from "../query/value-tests";
import {
  fieldOf,
  isDocument,
  partsOf,
  shown,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

/** Turns paths with `$[]`, `$[name]` and `$` into the paths of the elements they mean in one document. */
export type ArrayTargets = {
  expand: (root: BsonDocument, parts: string[], path: string) => string[][];
};

/** Compiles array filters by their names; each must be used by a path. */
export function compileArrayFilters(
  arrayFilters: BsonValue,
  paths: string[][],
): Map<string, DocumentFilter> {
  const filters = new Map<string, DocumentFilter>();
  if (arrayFilters === undefined) return filters;
  if (!Array.isArray(arrayFilters)) throw failedToParse("arrayFilters must be an array");
  for (const filter of arrayFilters as BsonValue[]) {
    if (!isDocument(filter)) throw failedToParse("Each array filter must be an object");
    const names = new Set(identifiers(filter));
    const [name] = names;
    if (name === undefined)
      throw failedToParse(
        "Cannot use an expression without a top-level field name in arrayFilters",
      );
    if (names.size > 1)
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found ${[...names].map((name) => `'${name}'`).join(" and ")}`,
      );
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
      throw badValue(
        `The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    if (filters.has(name))
      throw failedToParse(
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    const test = compileFilter(filter);
    filters.set(name, (element) => test({ [name]: element }));
  }
  for (const name of filters.keys())
    if (!paths.some((parts) => parts.includes(`$[${name}]`)))
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
  return filters;
}

function identifiers(filter: BsonDocument): string[] {
  return Object.entries(filter).flatMap(([path, value]) => {
    if (!path.startsWith("$")) return [partsOf(path)[0] ?? ""];
    return Array.isArray(value)
      ? (value as BsonValue[]).flatMap((item) => (isDocument(item) ? identifiers(item) : []))
      : [];
  });
}

export function arrayTargets({
  filters,
  filter,
}: {
  filters: Map<string, DocumentFilter>;
  filter: BsonDocument;
}): ArrayTargets {
  const expand = (
    node: BsonValue,
    root: BsonDocument,
    parts: string[],
    from: number,
    path: string,
  ): string[][] => {
    let value = node;
    for (let at = from; at < parts.length; at++) {
      const part = parts[at] as string;
      if (!part.startsWith("$")) {
        value = Array.isArray(value)
          ? value[Number(part)]
          : isDocument(value)
            ? fieldOf(value, part)
            : undefined;
        continue;
      }
      const before = parts.slice(0, at);
      if (value === undefined) {
        if (part === "$")
          throw badValue("The positional operator did not find the match needed from the query.");
        throw badValue(
          `The path '${before.join(".")}' must exist in the document in order to apply array updates.`,
        );
      }
      if (!Array.isArray(value))
        throw badValue(
          `Cannot apply array updates to non-array element ${before.at(-1)}: ${shown(value)}`,
        );
      const indexes =
        part === "$" ? [matchedPlace(root, before, filter)] : placesIn(value, part, path, filters);
      return indexes.flatMap((i) => {
        const concrete = [...before, String(i), ...parts.slice(at + 1)];
        return expand((value as BsonValue[])[i], root, concrete, at + 1, path);
      });
    }
    return [parts];
  };
  return { expand: (root, parts, path) => expand(root, root, parts, 0, path) };
}

function placesIn(
  array: BsonValue[],
  part: string,
  path: string,
  filters: Map<string, DocumentFilter>,
): number[] {
  const name = part.slice(2, -1);
  if (name === "") return [...array.keys()];
  const test = filters.get(name);
  if (!test) throw badValue(`No array filter found for identifier '${name}' in path '${path}'`);
  const places: number[] = [];
  // An element of any type is tested under the filter's name.
  for (let i = 0; i < array.length; i++) if (test(array[i] as BsonDocument)) places.push(i);
  return places;
}

/**
 * The element that a positional `$` means: the first that satisfies the filter's one condition on that array. With a condition
 * on a second array MongoDB's choice depends on its plan, so that is rejected.
 */
function matchedPlace(root: BsonDocument, array: string[], filter: BsonDocument): number {
  const prefix = array.join(".");
  const conditions = conjuncts(filter).filter(([path]) => crossesArray(root, partsOf(path)));
  const [condition] = conditions;
  if (!condition)
    throw badValue("The positional operator did not find the match needed from the query.");
  const [path, operand] = condition;
  if (
    conditions.length > 1 ||
    !(path === prefix || path.startsWith(`${prefix}.`)) ||
    !isElementCondition(operand)
  )
    throw notImplemented("A positional $ with other conditions than one on its own array");
  const test = compileFilter({ [`e${path.slice(prefix.length)}`]: operand as unknown });
  const elements = array.reduce<BsonValue>(
    (value, part) => (isDocument(value) ? fieldOf(value, part) : undefined),
    root,
  );
  const index = Array.isArray(elements)
    ? elements.findIndex((element: BsonValue) => test({ e: [element] }))
    : -1;
  if (index < 0)
    throw badValue("The positional operator did not find the match needed from the query.");
  return index;
}

function conjuncts(filter: BsonDocument): [path: string, operand: BsonValue][] {
  return Object.entries(filter).flatMap(([path, operand]): [string, BsonValue][] => {
    if (path === "$and" && Array.isArray(operand))
      return (operand as BsonDocument[]).flatMap(conjuncts);
    if (path === "$or" || path === "$nor") throw notImplemented(`A positional $ with ${path}`);
    return path.startsWith("$") ? [] : [[path, operand]];
  });
}

function crossesArray(root: BsonDocument, parts: string[]): boolean {
  let value: BsonValue = root;
  for (const part of parts) {
    if (Array.isArray(value)) return true;
    if (!isDocument(value)) return false;
    value = fieldOf(value, part);
  }
  return Array.isArray(value);
}

const POSITIVE = new Set([
  "$eq",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$in",
  "$elemMatch",
  "$regex",
  "$options",
]);
/** Whether one element decides the condition: a comparison with an array may mean the array itself. */
function isElementCondition(operand: BsonValue): boolean {
  if (!hasOperators(operand)) return !Array.isArray(operand);
  return Object.entries(operand).every(
    ([name, value]) =>
      POSITIVE.has(name) &&
      (name === "$in" ? !(value as BsonValue[]).some(Array.isArray) : !Array.isArray(value)),
  );
}
