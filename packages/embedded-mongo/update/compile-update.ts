import { arrayTargets, compileArrayFilters, type ArrayTargets } from "./array-targets";
import { childOf, draftOf, put, type DocumentDraft } from "./document-draft";
import { CommandError, badValue, failedToParse, notImplemented } from "../command-error";
import { compileOperator, REMOVED, UNCHANGED, type ValueChange } from "./update-operators";
import {
  arrayIndex,
  equal,
  isDocument,
  isSame,
  partsOf,
  shown,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

type UpdateStep = { operator: string; path: string; parts: string[]; change: ValueChange };
/** Returns the document after an update, or the same object when nothing changes. Unchanged parts are shared, not copied. */
export type CompiledUpdate = (doc: BsonDocument, inserting?: boolean) => BsonDocument;

const CREATES_NOTHING = new Set(["$unset", "$pull"]);
const BACKFILL_MAX = 1_500_000;

/** Compiles an update (operators, or a replacement); `filter` decides which element a positional `$` means. */
export function compileUpdate(input: {
  update: BsonValue;
  arrayFilters?: BsonValue;
  filter?: BsonDocument;
}): CompiledUpdate {
  const { update, arrayFilters, filter = {} } = input;
  if (Array.isArray(update)) throw notImplemented("An update by an aggregation pipeline");
  if (!isDocument(update))
    throw failedToParse("Update argument must be either an object or an array");
  if (!isOperatorUpdate(update)) return compileReplacement(update, arrayFilters);
  const steps: UpdateStep[] = [];
  for (const [operator, fields] of Object.entries(update)) {
    if (!isDocument(fields))
      throw failedToParse(
        `Modifiers operate on fields but we found type ${typeof fields} instead. For example: {$mod: {<field>: ...}}`,
      );
    for (const [path, operand] of Object.entries(fields)) {
      const change = compileOperator(operator, operand, path);
      steps.push({ operator, path, parts: pathParts(path), change });
    }
  }
  steps.sort(byPath);
  refuseConflicts(steps.map(({ parts }) => parts));
  const filters = compileArrayFilters(
    arrayFilters,
    steps.map(({ parts }) => parts),
  );
  const wildcards = steps.some(({ parts }) => parts.some((part) => part.startsWith("$")));
  const touchesId = steps.some(({ parts }) => parts[0] === "_id");
  return (doc, inserting = false) => {
    const draft = draftOf(doc);
    const targets = wildcards ? arrayTargets({ filters, filter }) : null;
    const paths: string[][] = [];
    for (const step of steps) {
      if (step.operator === "$setOnInsert" && !inserting) continue;
      for (const parts of placesOf(step, draft.root, targets)) {
        if (targets) paths.push(parts);
        write(draft, { ...step, parts });
      }
    }
    if (targets) refuseConflicts(paths);
    if (touchesId && !(inserting && doc._id === undefined)) sameId(doc, draft.root);
    return draft.root;
  };
}

export function isOperatorUpdate(update: BsonDocument): boolean {
  const [first] = Object.keys(update);
  return first !== undefined && first.startsWith("$");
}

const placesOf = (
  { parts, path }: UpdateStep,
  root: BsonDocument,
  targets: ArrayTargets | null,
): string[][] => (targets ? targets.expand(root, parts, path) : [parts]);

function compileReplacement(update: BsonDocument, arrayFilters: BsonValue): CompiledUpdate {
  const operator = Object.keys(update).find((name) => name.startsWith("$"));
  if (operator !== undefined)
    throw new CommandError(
      52,
      "DollarPrefixedFieldName",
      `The dollar ($) prefixed field '${operator}' is not allowed in a replacement document`,
    );
  if (Array.isArray(arrayFilters) && arrayFilters.length > 0)
    throw failedToParse("Cannot specify arrayFilters and a replacement");
  return (doc, inserting = false) => {
    const { _id, ...replacementFields } = update;
    const id: BsonValue = _id === undefined ? doc._id : _id;
    const replacement = id === undefined ? replacementFields : { _id: id, ...replacementFields };
    if (!(inserting && doc._id === undefined)) sameId(doc, replacement);
    return !inserting && isSame(doc, replacement) ? doc : replacement;
  };
}

function pathParts(path: string): string[] {
  const parts = partsOf(path);
  for (const part of parts) {
    if (part === "")
      throw new CommandError(
        56,
        "EmptyFieldName",
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      );
    if (part.startsWith("$") && part !== "$" && !/^\$\[[a-zA-Z0-9_]*\]$/.test(part))
      throw new CommandError(
        52,
        "DollarPrefixedFieldName",
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed`,
      );
    if (part === "__proto__") throw notImplemented("A field of that name");
  }
  if (parts[0]?.startsWith("$"))
    throw badValue(`Cannot have array filter or positional operator at the start of '${path}'`);
  return parts;
}

/** MongoDB applies an update in the order of its paths, numbers as numbers. */
function byPath(a: UpdateStep, b: UpdateStep): number {
  for (let i = 0; i < a.parts.length && i < b.parts.length; i++) {
    const [left, right] = [a.parts[i] as string, b.parts[i] as string];
    if (left === right) continue;
    const [n, m] = [arrayIndex(left), arrayIndex(right)];
    return n >= 0 && m >= 0 ? n - m : left < right ? -1 : 1;
  }
  return a.parts.length - b.parts.length;
}

export function refuseConflicts(paths: string[][]): void {
  for (let i = 1; i < paths.length; i++) {
    const later = paths[i] as string[];
    for (let j = 0; j < i; j++) {
      const earlier = paths[j] as string[];
      const sharedLength = Math.min(earlier.length, later.length);
      let at = 0;
      while (at < sharedLength && earlier[at] === later[at]) at++;
      if (at < sharedLength) continue;
      const path = later.join(".");
      const clash = later.slice(0, sharedLength).join(".");
      throw new CommandError(
        40,
        "ConflictingUpdateOperators",
        `Updating the path '${path}' would create a conflict at '${clash}'`,
      );
    }
  }
}

function sameId(before: BsonDocument, after: BsonDocument): void {
  if (equal(before._id, after._id)) return;
  throw new CommandError(
    66,
    "ImmutableField",
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}

/** The value at a step's path, after checking that the step can write there; null when it has nothing to do. */
function findTarget(
  root: BsonDocument,
  { parts, operator }: UpdateStep,
): { value: BsonValue } | null {
  const creates = !CREATES_NOTHING.has(operator);
  let value: BsonValue = root;
  for (const [i, part] of parts.entries()) {
    if (value === undefined) return creates ? { value: undefined } : null;
    if (!isDocument(value) && !(Array.isArray(value) && arrayIndex(part) >= 0)) {
      if (!creates) return null;
      throw new CommandError(
        28,
        "PathNotViable",
        `Cannot create field '${part}' in element {${parts[i - 1]}: ${shown(value)}}`,
      );
    }
    if (Array.isArray(value) && creates && arrayIndex(part) > value.length + BACKFILL_MAX)
      throw badValue(`can't backfill more than ${BACKFILL_MAX} elements`);
    value = childOf(value, part);
  }
  return { value };
}

function write(draft: DocumentDraft, step: UpdateStep): void {
  const target = findTarget(draft.root, step);
  if (!target) return;
  const result = step.change(target.value, { id: draft.root._id, path: step.path });
  if (result === UNCHANGED || (result === REMOVED && target.value === undefined)) return;
  put(draft, step.parts, result);
}
