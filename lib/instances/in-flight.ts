const store = globalThis as typeof globalThis & { __onekeyUnderWay?: Set<string> };
const underWay = (): Set<string> => (store.__onekeyUnderWay ??= new Set());

/** Notes a request of this instance until it is settled. Returns what ends that. */
export function began(requestId: string): () => void {
  underWay().add(requestId);
  return () => underWay().delete(requestId);
}

export const isUnderWay = (requestId: string): boolean => underWay().has(requestId);
