/** A value met at a place that matters. The scanner has one of these and fills it anew: read it at once, keep nothing of it. */
export type Token = {
  kind: "string" | "number" | "true" | "false" | "null" | "object" | "array";
  /** The bytes of a scalar, a string's without its quotes. */
  start: number;
  end: number;
  escaped: boolean;
  body: Buffer;
};

/** A position in a dialect's body: what its value means, and which positions lie beneath. A missing place is free-form. */
export type Place<D> = {
  fields?: Fields<D>;
  items?: Place<D>;
  /** The name of a field that must be given once and written plainly; places that are the same object count as one field. */
  once?: string;
  /** Called for each value; for an object or array at its opening. */
  on?: (token: Token, draft: D) => void;
  /** Called when an object or array closes. */
  close?: (draft: D) => void;
};

export type Entry<D> = { key: Buffer; place: Place<D> | undefined; bit: number };
export type Fields<D> = {
  byName: Map<string, Entry<D>>;
  /** Keys by length, first and last byte, so that a key is compared as bytes and never becomes a string. */
  byShape: Map<number, Entry<D>[]>;
  longest: number;
  rest: Place<D> | undefined;
};

/** Makes a table of an object's keys; `rest` is the place of every key that it does not name. */
export function fields<D>(named: Record<string, Place<D> | undefined>, rest?: Place<D>): Fields<D> {
  const table: Fields<D> = { byName: new Map(), byShape: new Map(), longest: 0, rest };
  const bits = new Map<Place<D>, number>();
  for (const [name, place] of Object.entries(named)) {
    if (place?.once !== undefined && !bits.has(place)) bits.set(place, 2 ** bits.size);
    const entry = { key: Buffer.from(name), place, bit: place ? (bits.get(place) ?? 0) : 0 };
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

/** The entry of a key as it decodes; undefined for one that is not named. */
export function findField<D>(
  table: Fields<D>,
  { body, start, end, escaped }: Token,
): Entry<D> | undefined {
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

/** A scalar as text; a string's escapes undone. */
export const textOf = ({ body, start, end, escaped }: Token): string =>
  escaped ? decode(body, start, end) : body.toString("utf8", start, end);

/** The first characters of a string, whatever its length. */
export function headOf({ body, start, end, escaped }: Token, bytes: number): string {
  const head = body.toString("latin1", start, Math.min(end, start + bytes));
  if (!escaped) return head;
  // A cut may fall within an escape: its pieces, an uneven backslash or a short \u, are left out.
  const whole = /^(?:[^\\]|\\u[0-9a-fA-F]{4}|\\[^u])*/.exec(head)?.[0] ?? "";
  return JSON.parse(`"${whole}"`) as string;
}
