import { REMOVED } from "./update-operators";
import { arrayIndex, fieldOf, type Doc, type Value } from "./values";

type Container = Doc | Value[];
/** A document being changed: `own` are the containers that were copied for it and may be written to. */
export type Draft = { root: Doc; own: Set<object> };

export const draftOf = (root: Doc): Draft => ({ root, own: new Set() });

export const childOf = (container: Container, part: string): Value =>
  Array.isArray(container) ? container[arrayIndex(part)] : fieldOf(container, part);

/** Puts a value at a path, copying each container on the way the first time that it is written to. */
export function put(draft: Draft, parts: string[], value: Value): void {
  const own = <T extends Container>(container: T): T => {
    if (draft.own.has(container)) return container;
    const mine = (Array.isArray(container) ? [...container] : { ...container }) as T;
    draft.own.add(mine);
    return mine;
  };
  let node: Container = (draft.root = own(draft.root));
  for (const part of parts.slice(0, -1)) {
    const child = childOf(node, part);
    const mine = own(child === undefined ? {} : (child as Container));
    place(node, part, mine);
    node = mine;
  }
  place(node, parts.at(-1) as string, value);
}

function place(container: Container, part: string, value: Value): void {
  if (Array.isArray(container)) {
    const at = arrayIndex(part);
    while (container.length < at) container.push(null);
    container[at] = value === REMOVED ? null : value;
  } else if (value === REMOVED) delete container[part];
  else container[part] = value;
}
