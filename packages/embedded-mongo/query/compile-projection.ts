import { notImplemented, commandError } from "../command-error";
import { compileExpression } from "../aggregation/compile-expression";
import type { CompiledExpression } from "../aggregation/expression-values";
import { isDocument, type BsonDocument, type BsonValue } from "../values/values";

export type DocumentProjection = (doc: BsonDocument) => BsonDocument;
type ProjectionKind = "find" | "stage";
type ProjectionRule = { include: boolean } | { compute: CompiledExpression };
type ProjectionTree = Map<string, ProjectionRule | ProjectionTree>;
type ProjectionUses = { includes: boolean; excludes: boolean };

/** Compiles a projection of `find`, which includes or excludes fields, or a `$project` stage, which may also compute them. */
export function compileProjection(spec: BsonDocument, kind: ProjectionKind): DocumentProjection {
  const tree: ProjectionTree = new Map();
  const uses: ProjectionUses = { includes: false, excludes: false };
  for (const [path, value] of Object.entries(spec))
    addPath({ tree, path, value, kind, uses, isRoot: true });
  if (uses.includes && uses.excludes)
    throw commandError(
      31254,
      "Cannot do exclusion on a field in inclusion projection, or the other way round",
    );
  const id = tree.get("_id");
  const includesOnlyId =
    Object.keys(spec).length === 1 && id !== undefined && !(id instanceof Map) && isIncluded(id);
  if (!uses.includes && !includesOnlyId) return (doc) => excludeFields(tree, doc);
  if (id === undefined) tree.set("_id", { include: true });
  return (doc) => includeFields(tree, doc, doc);
}

const isIncluded = (rule: ProjectionRule): boolean => "include" in rule && rule.include;

type ProjectionPath = {
  tree: ProjectionTree;
  path: string;
  value: BsonValue;
  kind: ProjectionKind;
  uses: ProjectionUses;
  isRoot: boolean;
};

function addPath({ tree, path, value, kind, uses, isRoot }: ProjectionPath): void {
  const parts = path.split(".");
  if (parts.some((part) => part.startsWith("$") || part === ""))
    throw notImplemented("A projection of that path");
  let node = tree;
  for (const part of parts.slice(0, -1)) node = subtreeOf(node, part, path);
  const name = parts.at(-1) ?? "";
  if (isDocument(value) && !Object.keys(value).some((key) => key.startsWith("$"))) {
    if (Object.keys(value).length === 0)
      throw commandError(51270, "An empty sub-projection is not a valid value.");
    const inner = subtreeOf(node, name, path);
    for (const [key, item] of Object.entries(value))
      addPath({ tree: inner, path: key, value: item, kind, uses, isRoot: false });
    return;
  }
  if (node.has(name)) throw commandError(31250, `Path collision at ${path}`);
  const rule = ruleOf(value, kind);
  node.set(name, rule);
  if (isRoot && path === "_id" && "include" in rule) return;
  if ("include" in rule && !rule.include) uses.excludes = true;
  else uses.includes = true;
}

function subtreeOf(tree: ProjectionTree, name: string, path: string): ProjectionTree {
  const subtree = tree.get(name) ?? new Map<string, ProjectionRule | ProjectionTree>();
  if (!(subtree instanceof Map)) throw commandError(31249, `Path collision at ${path}`);
  tree.set(name, subtree);
  return subtree;
}

function ruleOf(value: BsonValue, kind: ProjectionKind): ProjectionRule {
  if (typeof value === "number" || typeof value === "boolean") return { include: Boolean(value) };
  if (kind === "find")
    throw notImplemented("A computed field or an operator in a projection of find");
  return { compute: compileExpression(value) };
}

function includeFields(tree: ProjectionTree, doc: BsonDocument, root: BsonDocument): BsonDocument {
  const result: BsonDocument = {};
  for (const name of Object.keys(doc)) {
    const rule = tree.get(name);
    if (!rule) continue;
    const value =
      rule instanceof Map
        ? includeInside(rule, doc[name], root)
        : isIncluded(rule)
          ? doc[name]
          : undefined;
    if (value !== undefined) result[name] = value as BsonValue;
  }
  for (const [name, rule] of tree) {
    if (rule instanceof Map) {
      if (!isDocument(result[name]) && !Array.isArray(result[name]) && hasComputed(rule))
        result[name] = includeFields(rule, {}, root);
      continue;
    }
    if (!("compute" in rule)) continue;
    const value = rule.compute({ root });
    delete result[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

const hasComputed = (tree: ProjectionTree): boolean =>
  [...tree.values()].some((rule) => (rule instanceof Map ? hasComputed(rule) : "compute" in rule));

/** Of an array, its documents are included; other values are not part of an inclusion. */
function includeInside(tree: ProjectionTree, value: BsonValue, root: BsonDocument): BsonValue {
  if (isDocument(value)) return includeFields(tree, value, root);
  if (!Array.isArray(value)) return undefined;
  return (value as BsonValue[])
    .map((item) => includeInside(tree, item, root))
    .filter((item) => item !== undefined);
}

function excludeFields(tree: ProjectionTree, doc: BsonDocument): BsonDocument {
  const result: BsonDocument = {};
  for (const name of Object.keys(doc)) {
    const rule = tree.get(name);
    if (rule instanceof Map) result[name] = excludeInside(rule, doc[name]);
    else if (rule === undefined || isIncluded(rule)) result[name] = doc[name] as BsonValue;
  }
  return result;
}

function excludeInside(tree: ProjectionTree, value: BsonValue): BsonValue {
  if (isDocument(value)) return excludeFields(tree, value);
  return Array.isArray(value)
    ? (value as BsonValue[]).map((item) => excludeInside(tree, item))
    : value;
}
