import { badValue, notImplemented, commandError } from "../command-error";
import { EXPRESSION_OPERATORS } from "./expression-operators";
import type { CompiledExpression } from "./expression-values";
import {
  bsonType,
  fieldOf,
  isDocument,
  partsOf,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

/** Compiles an aggregation expression. Throws CommandError for an operator that is not supported. */
export function compileExpression(spec: BsonValue, depth = 0): CompiledExpression {
  if (depth > 100) throw badValue("The expression is nested too deeply.");
  if (typeof spec === "string" && spec.startsWith("$")) return compilePath(spec);
  if (Array.isArray(spec)) {
    const parts = spec.map((item: BsonValue) => compileExpression(item, depth + 1));
    return (scope) => parts.map((part) => part(scope) ?? null);
  }
  if (!isDocument(spec)) {
    if (bsonType(spec) === "Long") throw notImplemented("A large number");
    return () => spec;
  }
  const names = Object.keys(spec);
  const operator = names.find((name) => name.startsWith("$"));
  if (operator === undefined) return compileObject(spec, depth);
  if (names.length > 1)
    throw commandError(
      15983,
      `an object representing an expression must have exactly one field: ${names.join(", ")}`,
    );
  const operand: BsonValue = spec[operator];
  if (operator === "$literal") return () => operand;
  const compile = Object.hasOwn(EXPRESSION_OPERATORS, operator)
    ? EXPRESSION_OPERATORS[operator]
    : undefined;
  if (!compile) throw notImplemented(`The expression ${operator}`);
  return compile(operand, (item) => compileExpression(item, depth + 1));
}

function compileObject(spec: BsonDocument, depth: number): CompiledExpression {
  const fields = Object.entries(spec).map(([name, item]) => {
    if (name.includes(".")) throw commandError(16412, `FieldPath field names may not contain '.'.`);
    return { name, value: compileExpression(item, depth + 1) };
  });
  return (scope) => {
    const object: BsonDocument = {};
    for (const { name, value } of fields) {
      const result = value(scope);
      if (result !== undefined) object[name] = result;
    }
    return object;
  };
}

function compilePath(path: string): CompiledExpression {
  if (path.startsWith("$$")) {
    const [name = "", ...pathRest] = path.slice(2).split(".");
    if (name === "NOW" && pathRest.length === 0) {
      const now = new Date();
      return () => now;
    }
    if (name !== "ROOT" && name !== "CURRENT") throw notImplemented(`The variable $$${name}`);
    return pathRest.length === 0
      ? ({ root }) => root
      : ({ root }) => valueAtPath(root, pathRest, 0);
  }
  const parts = partsOf(path.slice(1));
  if (parts.some((part) => part === ""))
    throw commandError(15998, "FieldPath field names may not be empty strings.");
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return ({ root }) => fieldOf(root, only);
  return ({ root }) => valueAtPath(root, parts, 0);
}

/** A path in an expression: an array gives the values of its documents at the rest of the path, and numbers are field names. */
function valueAtPath(node: BsonValue, parts: string[], from: number): BsonValue {
  let value = node;
  for (let at = from; at < parts.length; at++) {
    if (Array.isArray(value)) {
      const values: BsonValue[] = [];
      for (const element of value as BsonValue[]) {
        if (!isDocument(element)) continue;
        const inner = valueAtPath(element, parts, at);
        if (inner !== undefined) values.push(inner);
      }
      return values;
    }
    if (!isDocument(value)) return undefined;
    value = fieldOf(value, parts[at] as string);
  }
  return value;
}
