/** The path of the dashboard page that was clicked and is still loading; null otherwise. */
let pendingPath: string | null = null;
const listeners = new Set<() => void>();

export function setPendingPlace(path: string | null): void {
  if (pendingPath === path) return;
  pendingPath = path;
  for (const listener of listeners) listener();
}

export const pendingPlace = (): string | null => pendingPath;

export function onPendingPlace(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
