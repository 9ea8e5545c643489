import { badValue, notImplemented } from "../command-error";
import {
  fieldOf,
  inverted,
  isDocument,
  orderKey,
  partsOf,
  type BsonDocument,
  type BsonValue,
} from "../values/values";

export type DocumentSort = <T>(items: T[], docOf: (item: T) => BsonDocument) => T[];

/** The fields of a sort with their directions. */
export function sortFields(spec: BsonDocument): { path: string; descending: boolean }[] {
  return Object.entries(spec).map(([path, direction]) => {
    if (isDocument(direction)) throw notImplemented("A sort by $meta");
    if (direction !== 1 && direction !== -1)
      throw badValue("$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    if (path.startsWith("$") || path === "")
      throw badValue("FieldPath field names may not start with '$'.");
    return { path, descending: direction === -1 };
  });
}

/** Compiles a stable sort in MongoDB's order of values; null when the sort names no field. */
export function compileSort(spec: BsonDocument): DocumentSort | null {
  const fields = sortFields(spec).map(({ path, descending }) => ({
    parts: partsOf(path),
    descending,
  }));
  if (fields.length === 0) return null;
  return (items, docOf) => {
    const keyedItems = items.map((item) => ({
      item,
      key: fields.map((field) => sortKey(docOf(item), field)).join(""),
    }));
    keyedItems.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return keyedItems.map(({ item }) => item);
  };
}

/** MongoDB sorts by an array's least or greatest element, and by several fields of it together: not supported. */
function sortKey(
  doc: BsonDocument,
  { parts, descending }: { parts: string[]; descending: boolean },
): string {
  let value: BsonValue = doc;
  for (const part of parts) {
    if (Array.isArray(value)) break;
    value = isDocument(value) ? fieldOf(value, part) : undefined;
  }
  if (Array.isArray(value)) throw notImplemented("A sort by a field in an array");
  return descending ? inverted(orderKey(value)) : orderKey(value);
}
