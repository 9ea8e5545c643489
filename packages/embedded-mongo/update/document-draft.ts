import { REMOVED } from "./update-operators";
import { arrayIndex, fieldOf, type BsonDocument, type BsonValue } from "../values/values";

type DocumentContainer = BsonDocument | BsonValue[];
/** A document being changed: `own` are the containers that were copied for it and may be written to. */
export type DocumentDraft = { root: BsonDocument; own: Set<object> };

export const draftOf = (root: BsonDocument): DocumentDraft => ({ root, own: new Set() });

export const childOf = (container: DocumentContainer, part: string): BsonValue =>
  Array.isArray(container) ? container[arrayIndex(part)] : fieldOf(container, part);

/** Puts a value at a path, copying each container on the way the first time that it is written to. */
export function put(draft: DocumentDraft, parts: string[], value: BsonValue): void {
  const own = <T extends DocumentContainer>(container: T): T => {
    if (draft.own.has(container)) return container;
    const mine = (Array.isArray(container) ? [...container] : { ...container }) as T;
    draft.own.add(mine);
    return mine;
  };
  let node: DocumentContainer = (draft.root = own(draft.root));
  for (const part of parts.slice(0, -1)) {
    const child = childOf(node, part);
    const mine = own(child === undefined ? {} : (child as DocumentContainer));
    place(node, part, mine);
    node = mine;
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
