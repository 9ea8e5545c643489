/** A map that forgets what was not used for longest. */
export type RecentMap<Value> = {
  get(id: string): Value | undefined;
  set(id: string, value: Value): void;
  delete(id: string): void;
};

/**
 * Keeps the `min` entries that were used last, and fewer than twice as many. Entries move between two generations, so that one
 * which is used all the time costs a lookup and no change of a map.
 */
export function createRecentMap<Value>(min: number): RecentMap<Value> {
  let recent = new Map<string, Value>();
  let older = new Map<string, Value>();
  const set = (id: string, value: Value) => {
    recent.set(id, value);
    older.delete(id);
    if (recent.size < min) return;
    older = recent;
    recent = new Map();
  };
  return {
    get: (id) => {
      const value = recent.get(id);
      if (value !== undefined) return value;
      const olderValue = older.get(id);
      if (olderValue !== undefined) set(id, olderValue);
      return olderValue;
    },
    set,
    delete: (id) => {
      recent.delete(id);
      older.delete(id);
    },
  };
}
