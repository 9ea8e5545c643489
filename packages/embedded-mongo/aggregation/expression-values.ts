import { notImplemented } from "../command-error";
import { bsonType, type BsonDocument, type BsonValue } from "../values/values";

export type ExpressionScope = { root: BsonDocument };
/** Computes a value from a document; `undefined` stands for a missing value. */
export type CompiledExpression = (scope: ExpressionScope) => BsonValue;
export type ExpressionCompiler = (operand: BsonValue) => CompiledExpression;
export type ExpressionOperator = (
  operand: BsonValue,
  compile: ExpressionCompiler,
) => CompiledExpression;

/** MongoDB's truth of a value: everything except false, null, missing and 0. */
export function isTrue(value: BsonValue): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0;
}

export const isMissing = (value: BsonValue) => value === null || value === undefined;

/** Rejects numbers that a double cannot hold exactly. */
export function plainNumber(value: BsonValue): value is number {
  if (bsonType(value) === "Long") throw notImplemented("Arithmetic on integers beyond 2^53");
  return typeof value === "number";
}

/** A sum without the rounding errors of adding doubles one after the other: MongoDB's, and Knuth's two-sum. */
export function createSum(): { add: (value: number) => void; result: () => number } {
  let sum = 0;
  let lowPart = 0;
  let plain = 0;
  let isInteger = true;
  const twoSum = (a: number, b: number): [sum: number, error: number] => {
    const total = a + b;
    const roundedPart = total - a;
    return [total, a - (total - roundedPart) + (b - roundedPart)];
  };
  return {
    add: (value) => {
      plain += value;
      isInteger &&= Number.isInteger(value);
      const [high, low] = twoSum(value, lowPart);
      const [next, error] = twoSum(sum, high);
      sum = next;
      lowPart = error + low;
      exact(sum, isInteger);
    },
    // Infinity and NaN leave nothing to compensate.
    result: () => (Number.isFinite(sum + lowPart) ? sum + lowPart : plain),
  };
}

/** Rejects an integer result beyond 2^53, which would be rounded. */
export function exact(result: number, integers: boolean): number {
  if (integers && !Number.isSafeInteger(result)) throw notImplemented("An integer beyond 2^53");
  return result;
}
