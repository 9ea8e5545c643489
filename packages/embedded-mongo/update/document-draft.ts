import { REMOVED } from "./update-operators";
import { arrayIndex, fieldOf, type BsonDocument, type BsonValue } from "../values/values";

type DocumentContainer = BsonDocument | BsonValue[];
/** A document that is being changed. `copies` are the containers that were copied for it and may be written to. */
export type DocumentDraft = { root: BsonDocument; copies: Set<object> };

export const draftOf = (root: BsonDocument): DocumentDraft => ({ root, copies: new Set() });

export const childOf = (container: DocumentContainer, part: string): BsonValue =>
  Array.isArray(container) ? container[arrayIndex(part)] : fieldOf(container, part);

/** Puts a value at a path. Copies each container on the path the first time it is written to. */
export function put(draft: DocumentDraft, parts: string[], value: BsonValue): void {
  const writable = <T extends DocumentContainer>(container: T): T => {
    if (draft.copies.has(container)) return container;
    const copy = (Array.isArray(container) ? [...container] : { ...container }) as T;
    draft.copies.add(copy);
    return copy;
  };
  let node: DocumentContainer = (draft.root = writable(draft.root));
  for (const part of parts.slice(0, -1)) {
    const child = childOf(node, part);
    const next = writable(child === undefined ? {} : (child as DocumentContainer));
    place(node, part, next);
    node = next;
  }
  place(node, parts.at(-1) as string, value);
}

function place(container: DocumentContainer, part: string, value: BsonValue): void {
  if (Array.isArray(container)) {
    const at = arrayIndex(part);
    while (container.length < at) container.push(null);
    container[at] = value === REMOVED ? null : value;
  } else if (value === REMOVED) delete container[part];
  else container[part] = value;
}
