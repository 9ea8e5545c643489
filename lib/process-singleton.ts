const store = globalThis as unknown as Record<string, unknown>;

/**
 * The one value of this name in the process. Bundles that each contain a copy of a module share it, where a module variable
 * would exist once per bundle. Kept on `globalThis` as `onekey.` and the name.
 */
export function processSingleton<T>(name: string, make: () => T): T {
  const key = `onekey.${name}`;
  store[key] ??= make();
  return store[key] as T;
}
