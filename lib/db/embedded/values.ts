import { serialize, type Document } from "bson";

export type Value = unknown;
export type Doc = Document;

/** A plain embedded document, as opposed to an array, a date or another BSON type. */
export function isDocument(value: Value): value is Doc {
  return (
    typeof value === "object" &&
    value !== null &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  );
}

export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each)])) as T;
  return value;
}

/** A string that two values share exactly when MongoDB holds them equal (numbers by value; null and missing alike). */
export function keyOf(value: Value): string {
  if (value === undefined || value === null) return "n";
  if (typeof value === "number") return `#${Object.is(value, -0) ? 0 : value}`;
  if (typeof value === "string") return `s${value}`;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value instanceof Date) return `d${value.getTime()}`;
  return `x${Buffer.from(serialize({ value })).toString("base64")}`;
}

export const equal = (a: Value, b: Value) => keyOf(a) === keyOf(b);

/** The values at a dotted path; arrays on the way fan out, and the last one too. `undefined` stands for a missing field. */
export function valuesAt(doc: Value, path: string): Value[] {
  const [head = "", ...rest] = path.split(".");
  const step = (value: Value): Value[] => {
    if (Array.isArray(value))
      return /^\d+$/.test(head)
        ? next(value[Number(head)])
        : value.length === 0
          ? [undefined]
          : value.flatMap((each) => (isDocument(each) ? step(each) : []));
    return next(isDocument(value) ? value[head] : undefined);
  };
  const next = (value: Value): Value[] => {
    if (rest.length > 0) return valuesAt(value, rest.join("."));
    return Array.isArray(value) ? (value.length > 0 ? value : [undefined]) : [value];
  };
  return step(doc);
}
