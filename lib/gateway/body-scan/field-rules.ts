/*
 * How to read the rules. A body `{"model": "m", "messages": [{"content": "hi"}], "metadata": {…}}` is described by
 *
 *   const model = textOnce("model", (draft, text) => (draft.model = text)); // at most once, without escapes
 *   const message = objectRule({ content: { on: (token, draft) => … } }); // called for each content
 *   const body = rootRule({
 *     model,
 *     messages: { items: message }, // the rule of every item of the list
 *     metadata: UNCHECKED, // made up by the caller: nothing in it is read
 *   });
 *
 * `objectRule` refuses ids of stored objects in every field that it does not name. `groupRule` reads fields that only have
 * a meaning together, when their object closes.
 */

/** The value that the scanner has just read. The scanner reuses one object: read it in the callback, keep no reference to it. */
export type JsonToken = {
  kind: "string" | "number" | "true" | "false" | "null" | "object" | "array";
  /** The bytes of a scalar, a string's without its quotes. */
  start: number;
  end: number;
  escaped: boolean;
  body: Buffer;
};

/** The rule for one value of a dialect's body, and the rules of its fields or items. A value without a rule is not read. */
export type ValueRule<D> = {
  fields?: FieldTable<D>;
  items?: ValueRule<D>;
  /** The name of a field that may be given once, without escapes. Fields that share a rule object count as one field. */
  once?: string;
  /** Called for each value; for an object or array at its opening. */
  on?: (token: JsonToken, draft: D) => void;
  /** Called when an object or array closes. */
  close?: (draft: D) => void;
};

export type FieldEntry<D> = { key: Buffer; rule: ValueRule<D> | undefined; bit: number };
export type FieldTable<D> = {
  byName: Map<string, FieldEntry<D>>;
  /** Keys by length, first and last byte, so that a key is compared as bytes and never becomes a string. */
  byShape: Map<number, FieldEntry<D>[]>;
  longest: number;
  /** The rule of every field that is not named. */
  others: ValueRule<D> | undefined;
};

/** Builds the table of an object's fields; `others` is the rule of every field that it does not name. */
export function fieldTable<D>(
  rules: Record<string, ValueRule<D> | undefined>,
  otherFields?: ValueRule<D>,
): FieldTable<D> {
  const table: FieldTable<D> = {
    byName: new Map(),
    byShape: new Map(),
    longest: 0,
    others: otherFields,
  };
  const bits = new Map<ValueRule<D>, number>();
  for (const [name, rule] of Object.entries(rules)) {
    if (rule?.once !== undefined && !bits.has(rule)) bits.set(rule, 2 ** bits.size);
    const entry = { key: Buffer.from(name), rule, bit: rule ? (bits.get(rule) ?? 0) : 0 };
    table.byName.set(name, entry);
    const shape = shapeOf(entry.key, 0, entry.key.length);
    table.byShape.set(shape, [...(table.byShape.get(shape) ?? []), entry]);
    table.longest = Math.max(table.longest, entry.key.length);
  }
  if (bits.size > 30) throw new RangeError("Too many fields that may be given once.");
  return table;
}

const shapeOf = (body: Buffer, start: number, end: number) =>
  (end - start) * 65_536 + (body[start] ?? 0) * 256 + (body[end - 1] ?? 0);

/** The entry of a key, compared after decoding; undefined for one that is not named. */
export function findField<D>(
  table: FieldTable<D>,
  { body, start, end, escaped }: JsonToken,
): FieldEntry<D> | undefined {
  if (escaped) {
    if (end - start > table.longest * 6) return undefined;
    return table.byName.get(decode(body, start, end));
  }
  if (end - start > table.longest || end === start) return undefined;
  for (const entry of table.byShape.get(shapeOf(body, start, end)) ?? []) {
    let i = 1;
    while (start + i < end && body[start + i] === entry.key[i]) i++;
    if (start + i >= end) return entry;
  }
  return undefined;
}

const decode = (body: Buffer, start: number, end: number) =>
  JSON.parse(body.toString("utf8", start - 1, end + 1)) as string;

/** A scalar as text, without a string's escapes. */
export const textOf = ({ body, start, end, escaped }: JsonToken): string =>
  escaped ? decode(body, start, end) : body.toString("utf8", start, end);

/** The first characters of a string, whatever its length. */
export function headOf({ body, start, end, escaped }: JsonToken, bytes: number): string {
  const head = body.toString("latin1", start, Math.min(end, start + bytes));
  if (!escaped) return head;
  // The cut may be inside an escape: an incomplete one (a single backslash, a short \u) is left out.
  const text = /^(?:[^\\]|\\u[0-9a-fA-F]{4}|\\[^u])*/.exec(head)?.[0] ?? "";
  return JSON.parse(`"${text}"`) as string;
}
