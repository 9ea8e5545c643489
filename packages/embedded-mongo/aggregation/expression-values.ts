import { notImplemented } from "../command-error";
import { bsonType, type BsonDocument, type BsonValue } from "../values/values";

export type ExpressionScope = { root: BsonDocument };
/** Computes a value from a document; `undefined` is a missing one. */
export type CompiledExpression = (scope: ExpressionScope) => BsonValue;
export type ExpressionCompiler = (operand: BsonValue) => CompiledExpression;
export type ExpressionOperator = (
  operand: BsonValue,
  compile: ExpressionCompiler,
) => CompiledExpression;

/** As MongoDB takes a value for a condition: everything but false, null, missing and 0. */
export function isTrue(value: BsonValue): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0;
}

export const isMissing = (value: BsonValue) => value === null || value === undefined;

/** Refuses numbers that would need more than a double's exact integers. */
export function plainNumber(value: BsonValue): value is number {
  if (bsonType(value) === "Long" || bsonType(value) === "Decimal128")
    throw notImplemented("Arithmetic on large numbers");
  return typeof value === "number";
}

/** An integer sum beyond 2^53 would come back rounded: it is refused. */
export function exact(result: number, integers: boolean): number {
  if (integers && !Number.isSafeInteger(result)) throw notImplemented("An integer beyond 2^53");
  return result;
}
