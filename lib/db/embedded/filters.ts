import { Query } from "mingo";
import { badValue, notImplemented } from "./errors";
import { isDocument, type Doc, type Value } from "./values";

const OPERATORS = new Set([
  "$eq",
  "$ne",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$in",
  "$nin",
  "$exists",
  "$elemMatch",
  "$not",
  "$size",
  "$all",
  "$regex",
  "$options",
  "$type",
  "$mod",
]);
const LOGICAL = new Set(["$and", "$or", "$nor"]);
const KNOWN_BUT_NOT_SERVED = new Set([
  "$where",
  "$expr",
  "$text",
  "$near",
  "$nearSphere",
  "$geoWithin",
  "$geoIntersects",
  "$jsonSchema",
  "$bitsAllSet",
  "$bitsAnySet",
  "$bitsAllClear",
  "$bitsAnyClear",
  "$comment",
  "$rand",
]);

export type Filter = (doc: Doc) => boolean;

const compiled = new Map<string, Filter>();
const COMPILED_MAX = 512;

/** Compiles a filter; whatever it cannot answer rightly is refused. */
export function compileFilter(filter: Doc): Filter {
  check(filter);
  const ids = Object.keys(filter);
  if (ids.length === 0) return () => true;
  const cacheable = JSON.stringify(filter).length < 400 && !hasObjects(filter);
  const key = cacheable ? JSON.stringify(filter) : "";
  const known = cacheable ? compiled.get(key) : undefined;
  if (known) return known;
  const query = new Query(filter);
  const test: Filter = (doc) => query.test(doc);
  if (cacheable) {
    if (compiled.size >= COMPILED_MAX) compiled.clear();
    compiled.set(key, test);
  }
  return test;
}

/** True where JSON would not tell two filters apart (dates, patterns, BSON types). */
function hasObjects(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasObjects);
  if (isDocument(value)) return Object.values(value).some(hasObjects);
  return typeof value === "object" && value !== null;
}

function check(filter: Doc): void {
  for (const [name, value] of Object.entries(filter)) {
    if (LOGICAL.has(name)) {
      if (!Array.isArray(value) || value.length === 0) throw badValue(`${name} must be a nonempty array`);
      for (const each of value) {
        if (!isDocument(each)) throw badValue(`${name} argument's entries must be objects`);
        check(each);
      }
    } else if (KNOWN_BUT_NOT_SERVED.has(name)) throw notImplemented(name);
    else if (name.startsWith("$")) throw badValue(`unknown top level operator: ${name}`);
    else checkOperand(value);
  }
}

function checkOperand(value: Value): void {
  if (typeof value === "object" && value !== null && "_bsontype" in value && value._bsontype === "Long")
    throw notImplemented("An integer beyond 2^53 in a filter");
  if (!isDocument(value)) return;
  const names = Object.keys(value);
  if (!names.some((name) => name.startsWith("$"))) return;
  for (const name of names) {
    if (KNOWN_BUT_NOT_SERVED.has(name)) throw notImplemented(name);
    if (!OPERATORS.has(name)) throw badValue(`unknown operator: ${name}`);
    const operand: Value = value[name];
    if ((name === "$in" || name === "$nin" || name === "$all") && !Array.isArray(operand))
      throw badValue(`${name} needs an array`);
    if (name === "$elemMatch") {
      if (!isDocument(operand)) throw badValue("$elemMatch needs an Object");
      if (Object.keys(operand).every((each) => OPERATORS.has(each)) && Object.keys(operand).length > 0)
        checkOperand(operand);
      else check(operand);
    } else if (Array.isArray(operand)) operand.forEach(checkOperand);
    else checkOperand(operand);
  }
}

/** The values that a filter pins a field to by equality or `$in`, for finding candidates through an index; null for none. */
export function pinned(filter: Doc, field: string): Value[] | null {
  const parts = [filter, ...(Array.isArray(filter.$and) ? (filter.$and as Doc[]) : [])];
  for (const part of parts) {
    const value: Value = part[field];
    if (value === undefined || value === null || value instanceof RegExp || Array.isArray(value)) continue;
    if (!isDocument(value) || !Object.keys(value).some((name) => name.startsWith("$"))) return [value];
    if ("$eq" in value && value.$eq !== null && !Array.isArray(value.$eq)) return [value.$eq];
    if (
      Array.isArray(value.$in) &&
      !value.$in.some((each: Value) => each === null || each instanceof RegExp || Array.isArray(each))
    )
      return value.$in;
  }
  return null;
}
