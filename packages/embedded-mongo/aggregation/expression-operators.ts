import { notImplemented, commandError, typeMismatch } from "../command-error";
import { DATE_OPERATORS } from "./date-operators";
import {
  createSum,
  exact,
  isMissing,
  isTrue,
  plainNumber,
  type ExpressionCompiler,
  type CompiledExpression,
  type ExpressionOperator,
} from "./expression-values";
import { compareValues, equal, isDocument, typeName, type BsonValue } from "../values/values";

/** Compiles the arguments of an operator and checks how many there are. */
function argumentsOf(
  name: string,
  operand: BsonValue,
  compile: ExpressionCompiler,
  counts: [minimum: number, maximum: number],
): CompiledExpression[] {
  const operands: BsonValue[] = Array.isArray(operand) ? operand : [operand];
  if (operands.length < counts[0] || operands.length > counts[1])
    throw commandError(
      16020,
      `CompiledExpression ${name} takes ${counts.join(" to ")} arguments. ${operands.length} were passed in.`,
    );
  return operands.map(compile);
}

function arithmetic(
  name: string,
  counts: [number, number],
  combine: (values: number[], integers: boolean) => number,
): ExpressionOperator {
  return (operand, compile) => {
    const parts = argumentsOf(name, operand, compile, counts);
    return (scope) => {
      const values = parts.map((part) => part(scope));
      if (values.some(isMissing)) return null;
      const numbers = values.filter(plainNumber);
      if (numbers.length !== values.length)
        throw typeMismatch(
          `${name} only supports numeric types, not ${values.map(typeName).join(", ")}`,
        );
      return combine(numbers, numbers.every(Number.isInteger));
    };
  };
}

const add: ExpressionOperator = (operand, compile) => {
  const parts = argumentsOf("$add", operand, compile, [0, Infinity]);
  return (scope) => {
    const values = parts.map((part) => part(scope));
    if (values.some(isMissing)) return null;
    const dates = values.filter((value): value is Date => value instanceof Date);
    if (dates.length > 1) throw commandError(16612, "only one date allowed in an $add expression");
    const numbers = values.filter(plainNumber);
    if (numbers.length + dates.length !== values.length)
      throw typeMismatch("$add only supports numeric or date types");
    const total = createSum();
    numbers.forEach(total.add);
    const sum = total.result();
    const [date] = dates;
    if (!date) return sum;
    if (!Number.isInteger(sum)) throw notImplemented("A date plus a fraction");
    return new Date(date.getTime() + sum);
  };
};

const subtract: ExpressionOperator = (operand, compile) => {
  const parts = argumentsOf("$subtract", operand, compile, [2, 2]);
  return (scope) => {
    const [a, b] = parts.map((part) => part(scope));
    if (isMissing(a) || isMissing(b)) return null;
    if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
    if (a instanceof Date && plainNumber(b) && Number.isInteger(b))
      return new Date(a.getTime() - b);
    if (!plainNumber(a) || !plainNumber(b))
      throw typeMismatch(`can't $subtract ${typeName(b)} from ${typeName(a)}`);
    return exact(a - b, Number.isInteger(a) && Number.isInteger(b));
  };
};

function comparison(name: string, holds: (order: number) => BsonValue): ExpressionOperator {
  return (operand, compile) => {
    const [a, b] = argumentsOf(name, operand, compile, [2, 2]);
    return (scope) => {
      const [operand, right] = [a?.(scope), b?.(scope)];
      // Missing sorts before null in an expression, and only there.
      const order =
        operand === undefined || right === undefined
          ? Number(right === undefined) - Number(operand === undefined)
          : compareValues(operand, right);
      return holds(order);
    };
  };
}

const conditional: ExpressionOperator = (operand, compile) => {
  const parts = isDocument(operand) ? [operand.if, operand.then, operand.else] : operand;
  if (
    isDocument(operand) &&
    (Object.keys(operand).length !== 3 || (parts as BsonValue[]).includes(undefined))
  )
    throw commandError(17080, "$cond needs if, then and else");
  const [test, yes, no] = argumentsOf("$cond", parts, compile, [3, 3]);
  return (scope) => (isTrue(test?.(scope)) ? yes?.(scope) : no?.(scope));
};

/** The greatest or least of several values, or of one array; null and missing do not count. */
function extreme(name: string, better: (order: number) => boolean): ExpressionOperator {
  return (operand, compile) => {
    const parts = argumentsOf(name, operand, compile, [1, Infinity]);
    return (scope) => {
      const results = parts.map((part) => part(scope));
      const values: BsonValue[] =
        results.length === 1 && Array.isArray(results[0]) ? results[0] : results;
      let best: BsonValue = null;
      for (const value of values)
        if (!isMissing(value) && (best === null || better(compareValues(value, best))))
          best = value;
      return best;
    };
  };
}

const concat: ExpressionOperator = (operand, compile) => {
  const parts = argumentsOf("$concat", operand, compile, [0, Infinity]);
  return (scope) => {
    const values = parts.map((part) => part(scope));
    if (values.some(isMissing)) return null;
    const nonString = values.find((value) => typeof value !== "string");
    if (nonString !== undefined)
      throw commandError(16702, `$concat only supports strings, not ${typeName(nonString)}`);
    return values.join("");
  };
};

const isIn: ExpressionOperator = (operand, compile) => {
  const [value, list] = argumentsOf("$in", operand, compile, [2, 2]);
  return (scope) => {
    const [item, all] = [value?.(scope), list?.(scope)];
    if (!Array.isArray(all))
      throw commandError(40081, "$in requires an array as a second argument");
    return item !== undefined && all.some((candidate) => equal(item, candidate));
  };
};

const ifNull: ExpressionOperator = (operand, compile) => {
  const parts = argumentsOf("$ifNull", operand, compile, [2, Infinity]);
  return (scope) => {
    let value: BsonValue;
    for (const part of parts) if (!isMissing((value = part(scope)))) return value;
    return value;
  };
};

const logical =
  (
    name: string,
    counts: [number, number],
    decide: (values: Iterable<boolean>) => boolean,
  ): ExpressionOperator =>
  (operand, compile) => {
    const parts = argumentsOf(name, operand, compile, counts);
    return (scope) => decide(parts.map((part) => isTrue(part(scope))));
  };

/** The expression operators that are supported, in addition to `$literal`. */
export const EXPRESSION_OPERATORS: Record<string, ExpressionOperator> = {
  $add: add,
  $subtract: subtract,
  $multiply: arithmetic("$multiply", [0, Infinity], (values, integers) =>
    exact(
      values.reduce((total, factor) => total * factor, 1),
      integers,
    ),
  ),
  $divide: arithmetic("$divide", [2, 2], ([a = 0, b = 0]) => {
    if (b === 0) throw commandError(16608, "can't $divide by zero");
    return a / b;
  }),
  $cond: conditional,
  $ifNull: ifNull,
  $eq: comparison("$eq", (order) => order === 0),
  $ne: comparison("$ne", (order) => order !== 0),
  $gt: comparison("$gt", (order) => order > 0),
  $gte: comparison("$gte", (order) => order >= 0),
  $lt: comparison("$lt", (order) => order < 0),
  $lte: comparison("$lte", (order) => order <= 0),
  $and: logical("$and", [0, Infinity], (values) => [...values].every(Boolean)),
  $or: logical("$or", [0, Infinity], (values) => [...values].some(Boolean)),
  $not: logical("$not", [1, 1], ([value]) => !value),
  $in: isIn,
  $concat: concat,
  $max: extreme("$max", (order) => order > 0),
  $min: extreme("$min", (order) => order < 0),
  ...DATE_OPERATORS,
};
