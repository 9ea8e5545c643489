import { commandError, notImplemented } from "../command-error";
import { createSum, isMissing, plainNumber, type CompiledExpression } from "./expression-values";
import { compileExpression } from "./compile-expression";
import { forEachInTurns } from "./turns";
import {
  compareValues,
  isDocument,
  orderKey,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

type GroupAccumulator = { add: (value: BsonValue) => void; result: () => BsonValue };

function extreme(better: (order: number) => boolean): () => GroupAccumulator {
  return () => {
    let best: BsonValue = null;
    return {
      add: (value) => {
        if (!isMissing(value) && (best === null || better(compareValues(value, best))))
          best = value;
      },
      result: () => best,
    };
  };
}

/** The accumulators of `$group` that are supported. */
export const ACCUMULATORS: Record<string, () => GroupAccumulator> = {
  $sum: () => {
    const sum = createSum();
    return { add: (value) => void (plainNumber(value) && sum.add(value)), result: sum.result };
  },
  $avg: () => {
    const sum = createSum();
    let count = 0;
    return {
      add: (value) => {
        if (!plainNumber(value)) return;
        sum.add(value);
        count++;
      },
      result: () => (count === 0 ? null : sum.result() / count),
    };
  },
  $min: extreme((order) => order < 0),
  $max: extreme((order) => order > 0),
  $first: () => {
    let first: BsonValue;
    let hasFirst = false;
    return {
      add: (value) => {
        if (!hasFirst) first = value;
        hasFirst = true;
      },
      result: () => first ?? null,
    };
  },
  $last: () => {
    let last: BsonValue;
    return { add: (value) => void (last = value), result: () => last ?? null };
  },
  $push: () => {
    const all: BsonValue[] = [];
    return { add: (value) => void (value !== undefined && all.push(value)), result: () => all };
  },
  $addToSet: () => {
    const all = new Map<string, BsonValue>();
    return {
      add: (value) => {
        if (value === undefined) return;
        const key = orderKey(value);
        if (!all.has(key)) all.set(key, value);
      },
      result: () => [...all.values()],
    };
  },
  $count: () => {
    let count = 0;
    return { add: () => void count++, result: () => count };
  },
};

/** Compiles `$group`: one document for each distinct `_id`, in order of their first document. */
export function compileGroup(
  spec: BsonDocument,
): (docs: Iterable<BsonDocument | null>) => Promise<BsonDocument[]> {
  if (!("_id" in spec)) throw commandError(15955, "a group specification must include an _id");
  const id = compileExpression(spec._id);
  const fields = Object.entries(spec).flatMap(([name, value]) =>
    name === "_id" ? [] : [compileField(name, value)],
  );
  return async (docs) => {
    const groups = new Map<string, { id: BsonValue; values: GroupAccumulator[] }>();
    await forEachInTurns(docs, (root) => {
      const value = id({ root }) ?? null;
      const key = orderKey(value);
      let group = groups.get(key);
      if (!group)
        groups.set(key, (group = { id: value, values: fields.map((field) => field.start()) }));
      for (let i = 0; i < fields.length; i++) group.values[i]?.add(fields[i]?.input({ root }));
    });
    return [...groups.values()].map((group) => {
      const result: BsonDocument = { _id: group.id };
      for (const [i, field] of fields.entries()) result[field.name] = group.values[i]?.result();
      return result;
    });
  };
}

function compileField(
  name: string,
  value: BsonValue,
): { name: string; start: () => GroupAccumulator; input: CompiledExpression } {
  if (name.includes(".")) throw commandError(40235, `The field name '${name}' cannot contain '.'`);
  if (!isDocument(value) || Object.keys(value).length !== 1)
    throw commandError(40234, `The field '${name}' must be an accumulator object`);
  const [operator = ""] = Object.keys(value);
  const start = Object.hasOwn(ACCUMULATORS, operator) ? ACCUMULATORS[operator] : undefined;
  if (!start)
    throw operator.startsWith("$")
      ? notImplemented(`The accumulator ${operator}`)
      : commandError(15952, `unknown group operator '${operator}'`);
  const operand: BsonValue = value[operator];
  if (operator === "$count" && !(isDocument(operand) && Object.keys(operand).length === 0))
    throw commandError(40237, "$count takes no arguments, i.e. $count:{}");
  if (Array.isArray(operand))
    throw commandError(40237, `The ${operator} accumulator is a unary operator`);
  return { name, start, input: compileExpression(operand) };
}
