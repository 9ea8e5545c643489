import type { ResponseItem } from "@/lib/providers/schema";

const ITEMS_MAX = 2_000;
const ID_MAX = 256;

/** The items of a response by their ids, put together from what its events say of each. */
export type ItemCollector = {
  /** A field of an item: of an element of a list by its index, or of the item that the event is about (-1). */
  add(field: keyof ResponseItem, value: string, index: number): void;
  addId(id: string): void;
  /** The item that the current event is about. */
  current(): ResponseItem;
  /** The current event is over: its items are complete. */
  flush(): void;
  items(): Iterable<ResponseItem>;
  ids(): string[];
};

export function createItemCollector(): ItemCollector {
  let item: ResponseItem = {};
  // Made when the first comes: most responses have none.
  let listItems: Map<number, ResponseItem> | null = null;
  let itemsById: Map<string, ResponseItem> | null = null;

  const remember = (fields: ResponseItem) => {
    if (!fields.id || fields.id.length > ID_MAX) return;
    itemsById ??= new Map();
    if (itemsById.size < ITEMS_MAX)
      itemsById.set(fields.id, { ...itemsById.get(fields.id), ...fields });
  };
  const flush = () => {
    remember(item);
    item = {};
    if (!listItems) return;
    for (const listItem of listItems.values()) remember(listItem);
    listItems.clear();
  };
  return {
    add(field, value, index) {
      if (index < 0) {
        item[field] = value;
        return;
      }
      listItems ??= new Map();
      const target = listItems.get(index) ?? {};
      target[field] = value;
      if (listItems.size < ITEMS_MAX) listItems.set(index, target);
    },
    addId: (id) => remember({ id }),
    current: () => item,
    flush,
    items: () => itemsById?.values() ?? [],
    ids: () => [...(itemsById?.keys() ?? [])],
  };
}
