import { badValue, notImplemented, numbered } from "../command-error";
import type { CompiledExpression } from "../aggregation/expression-values";
import { compileExpression } from "../aggregation/compile-expression";
import { compileElement } from "./compile-filter";
import { isDocument, type BsonDocument, type BsonValue } from "../values/values";

export type DocumentProjection = (doc: BsonDocument) => BsonDocument;
type ProjectionRule = {
  include?: boolean;
  compute?: CompiledExpression;
  array?: (value: BsonValue) => BsonValue;
};
type ProjectionTree = Map<string, ProjectionRule | ProjectionTree>;

/** Compiles a projection of `find` or a `$project` stage. */
export function compileProjection(spec: BsonDocument, kind: "find" | "stage"): DocumentProjection {
  const tree: ProjectionTree = new Map();
  const seen = { included: false, excluded: false };
  for (const [path, value] of Object.entries(spec))
    addPath({ tree, path, value, kind, seen, atRoot: true });
  if (seen.included && seen.excluded)
    throw numbered(
      31254,
      "Cannot do exclusion on a field in inclusion projection, or the other way round",
    );
  const id = tree.get("_id");
  const onlyId = Object.keys(spec).length === 1 && id !== undefined && !(id instanceof Map);
  const including = seen.included || (onlyId && (id as ProjectionRule).include === true);
  if (including && id === undefined) tree.set("_id", { include: true });
  return including ? (doc) => keeping(tree, doc, doc) : (doc) => excluding(tree, doc);
}

type ProjectionPath = {
  tree: ProjectionTree;
  path: string;
  value: BsonValue;
  kind: "find" | "stage";
  seen: { included: boolean; excluded: boolean };
  atRoot: boolean;
};

function addPath({ tree, path, value, kind, seen, atRoot }: ProjectionPath): void {
  const parts = path.split(".");
  if (parts.some((part) => part === "$" || part === ""))
    throw notImplemented("A projection of that path");
  let node = tree;
  for (const part of parts.slice(0, -1)) {
    const next = node.get(part) ?? new Map<string, ProjectionRule | ProjectionTree>();
    if (!(next instanceof Map)) throw numbered(31249, `ProjectionPath collision at ${path}`);
    node.set(part, next);
    node = next;
  }
  const name = parts.at(-1) ?? "";
  const plain = isDocument(value) && !Object.keys(value).some((key) => key.startsWith("$"));
  if (plain) {
    if (Object.keys(value).length === 0)
      throw numbered(51270, "An empty sub-projection is not a valid value.");
    const inner = node.get(name) ?? new Map<string, ProjectionRule | ProjectionTree>();
    if (!(inner instanceof Map)) throw numbered(31250, `ProjectionPath collision at ${path}`);
    node.set(name, inner);
    for (const [key, each] of Object.entries(value))
      addPath({ tree: inner, path: key, value: each, kind, seen, atRoot: false });
    return;
  }
  if (node.has(name)) throw numbered(31250, `ProjectionPath collision at ${path}`);
  const leaf = leafOf(value, kind);
  node.set(name, leaf);
  if (atRoot && path === "_id" && leaf.include !== undefined) return;
  if (leaf.include === false) seen.excluded = true;
  else if (leaf.include === true || leaf.compute) seen.included = true;
  else if (isDocument(value) && "$elemMatch" in value) seen.included = true;
}

function leafOf(value: BsonValue, kind: "find" | "stage"): ProjectionRule {
  if (typeof value === "number" || typeof value === "boolean") return { include: Boolean(value) };
  if (kind === "find" && isDocument(value) && "$slice" in value)
    return { array: slice(value.$slice) };
  if (kind === "find" && isDocument(value) && "$elemMatch" in value) {
    if (!isDocument(value.$elemMatch)) throw badValue("$elemMatch needs an Object");
    const test = compileElement(value.$elemMatch);
    return {
      array: (array) => {
        const found = Array.isArray(array) ? (array as BsonValue[]).findIndex(test) : -1;
        return found < 0 ? undefined : [(array as BsonValue[])[found]];
      },
    };
  }
  return { compute: compileExpression(value) };
}

function slice(operand: BsonValue): (value: BsonValue) => BsonValue {
  const [skip, limit] = Array.isArray(operand) ? (operand as BsonValue[]) : [operand, undefined];
  if (!Number.isInteger(skip) || (Array.isArray(operand) && !Number.isInteger(limit)))
    throw badValue("Invalid $slice syntax");
  const from = skip as number;
  if (limit === undefined)
    return (value) =>
      Array.isArray(value) ? (from < 0 ? value.slice(from) : value.slice(0, from)) : value;
  const most = limit as number;
  if (most <= 0) throw badValue("The limit of $slice must be positive");
  return (value) => {
    if (!Array.isArray(value)) return value;
    const start = from < 0 ? Math.max(0, value.length + from) : from;
    return value.slice(start, start + most);
  };
}

function keeping(tree: ProjectionTree, doc: BsonDocument, root: BsonDocument): BsonDocument {
  const result: BsonDocument = {};
  for (const name of Object.keys(doc)) {
    const rule = tree.get(name);
    if (!rule) continue;
    const value =
      rule instanceof Map
        ? inside(doc[name], (each) => keeping(rule, each, root))
        : kept(rule, doc[name]);
    if (value !== undefined) result[name] = value;
  }
  for (const [name, rule] of tree) {
    if (rule instanceof Map) {
      if (!isDocument(result[name]) && !Array.isArray(result[name]) && hasComputed(rule))
        result[name] = keeping(rule, {}, root);
      continue;
    }
    if (!rule.compute) continue;
    const value = rule.compute({ root });
    delete result[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

const hasComputed = (tree: ProjectionTree): boolean =>
  [...tree.values()].some((rule) =>
    rule instanceof Map ? hasComputed(rule) : rule.compute !== undefined,
  );

const kept = (rule: ProjectionRule, value: BsonValue): BsonValue =>
  rule.array ? rule.array(value) : rule.include ? value : undefined;

/** Applies to a document or to the documents of an array; other values are not part of an inclusion. */
function inside(value: BsonValue, apply: (doc: BsonDocument) => BsonDocument): BsonValue {
  if (isDocument(value)) return apply(value);
  if (!Array.isArray(value)) return undefined;
  return (value as BsonValue[])
    .map((each) => inside(each, apply))
    .filter((each) => each !== undefined);
}

function excluding(tree: ProjectionTree, doc: BsonDocument): BsonDocument {
  const result: BsonDocument = {};
  for (const name of Object.keys(doc)) {
    const rule = tree.get(name);
    const value =
      rule === undefined
        ? doc[name]
        : rule instanceof Map
          ? without(rule, doc[name])
          : rest(rule, doc[name]);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

const rest = (rule: ProjectionRule, value: BsonValue): BsonValue =>
  rule.array ? rule.array(value) : rule.include === true ? value : undefined;

function without(tree: ProjectionTree, value: BsonValue): BsonValue {
  if (isDocument(value)) return excluding(tree, value);
  return Array.isArray(value) ? (value as BsonValue[]).map((each) => without(tree, each)) : value;
}
