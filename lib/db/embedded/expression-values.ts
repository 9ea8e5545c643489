import { notImplemented } from "./errors";
import { bsonType, type Doc, type Value } from "./values";

export type Scope = { root: Doc };
/** Computes a value from a document; `undefined` is a missing one. */
export type Expression = (scope: Scope) => Value;
export type Compile = (operand: Value) => Expression;
export type Operator = (operand: Value, compile: Compile) => Expression;

/** As MongoDB takes a value for a condition: everything but false, null, missing and 0. */
export function isTrue(value: Value): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0;
}

export const isMissing = (value: Value) => value === null || value === undefined;

/** Refuses numbers that would need more than a double's exact integers. */
export function plainNumber(value: Value): value is number {
  if (bsonType(value) === "Long" || bsonType(value) === "Decimal128")
    throw notImplemented("Arithmetic on large numbers");
  return typeof value === "number";
}

/** An integer sum beyond 2^53 would come back rounded: it is refused. */
export function exact(result: number, integers: boolean): number {
  if (integers && !Number.isSafeInteger(result)) throw notImplemented("An integer beyond 2^53");
  return result;
}
