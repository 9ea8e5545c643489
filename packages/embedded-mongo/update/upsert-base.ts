import { CommandError, notImplemented } from "../command-error";
import { hasOperators } from "../query/value-tests";
import {
  arrayIndex,
  copy,
  isDocument,
  partsOf,
  type BsonDocument,
  type BsonValue,
} from "../values/values";
import { refuseConflicts } from "./compile-update";
import { draftOf, put } from "./document-draft";

/** The document that an upsert starts from: the fields that its filter says are equal to a value. A replacement takes only `_id`. */
export function upsertBase(filter: BsonDocument, isReplacement: boolean): BsonDocument {
  const base = draftOf({});
  const paths: string[][] = [];
  for (const [path, value] of equalities(filter)) {
    const parts = partsOf(path);
    if (isReplacement && parts[0] !== "_id") continue;
    const isOdd = parts.some(
      (part) => arrayIndex(part) >= 0 || part === "__proto__" || part === "",
    );
    if (isOdd || (parts.length > 1 && parts[0] === "_id"))
      throw notImplemented("An upsert by that path");
    paths.push(parts);
    refuseSecond(paths);
    put(base, parts, copy(value));
  }
  return base.root;
}

/**
 * What MongoDB takes from a filter: equalities, `$in` and `$or` with one choice, `$all`, and the same inside `$and`. Several values
 * of `$all` are as many equalities: https://github.com/mongodb/mongo/blob/master/jstests/core/write/update/upsert_fields.js
 */
function equalities(filter: BsonDocument): [path: string, value: BsonValue][] {
  return Object.entries(filter).flatMap(([path, operand]: [string, BsonValue]) => {
    const isSingle = Array.isArray(operand) && operand.length === 1;
    if ((path === "$and" && Array.isArray(operand)) || (path === "$or" && isSingle))
      return (operand as BsonDocument[]).flatMap(equalities);
    if (path.startsWith("$") || operand instanceof RegExp) return [];
    if (!hasOperators(operand)) return [[path, operand]];
    const choices: [string, BsonValue][] = [];
    if ("$eq" in operand) choices.push([path, operand.$eq as BsonValue]);
    const { $in: options, $all: members } = operand;
    const isOneOption = Array.isArray(options) && options.length === 1;
    for (const value of [
      ...(isOneOption ? options : []),
      ...(Array.isArray(members) ? members : []),
    ])
      if (isValue(value)) choices.push([path, value]);
    return choices;
  });
}

const isValue = (value: BsonValue): boolean =>
  !(value instanceof RegExp) && !(isDocument(value) && hasOperators(value));

function refuseSecond(paths: string[][]): void {
  try {
    refuseConflicts(paths);
  } catch (cause) {
    const message = `cannot infer query fields to set, path '${paths.at(-1)?.join(".")}' is matched twice`;
    throw Object.assign(new CommandError(54, "NotSingleValueField", message), { cause });
  }
}
