import { notImplemented } from "../command-error";
import {
  arrayIndex,
  fieldOf,
  isDocument,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

/**
 * Whether any value at a dotted path passes a test. As in MongoDB, an array on the path stands for each of its documents, and a
 * number may also be a position in an array. A missing field is `undefined`; an array without documents gives no value.
 */
export function anyAt(
  node: BsonDocument,
  parts: string[],
  from: number,
  passes: (value: BsonValue) => boolean,
): boolean {
  let value: BsonValue = node;
  for (let at = from; at < parts.length; at++) {
    if (Array.isArray(value)) return anyInArray(value, parts, at, passes);
    if (!isDocument(value)) return passes(undefined);
    value = fieldOf(value, parts[at] as string);
  }
  return passes(value);
}

function anyInArray(
  array: BsonValue[],
  parts: string[],
  at: number,
  passes: (value: BsonValue) => boolean,
): boolean {
  for (const element of array)
    if (isDocument(element) && anyAt(element, parts, at, passes)) return true;
  const index = arrayIndex(parts[at] as string);
  if (index < 0 || index >= array.length) return false;
  const element = array[index];
  if (at === parts.length - 1) return passes(element);
  if (Array.isArray(element)) throw notImplemented("A path through an array inside an array");
  return isDocument(element) && anyAt(element, parts, at + 1, passes);
}

/** A test of a value that also holds when one element of an array holds. */
export function orElement(test: (value: BsonValue) => boolean): (value: BsonValue) => boolean {
  return (value) => {
    if (!Array.isArray(value)) return test(value);
    for (const element of value) if (test(element)) return true;
    return test(value);
  };
}

/** The values at a dotted path, with the elements of an array one by one; none where the field is missing. */
export function valuesAt(doc: BsonDocument, parts: string[]): BsonValue[] {
  const values: BsonValue[] = [];
  anyAt(doc, parts, 0, (value) => {
    if (Array.isArray(value)) values.push(...(value as BsonValue[]));
    else if (value !== undefined) values.push(value);
    return false;
  });
  return values;
}
