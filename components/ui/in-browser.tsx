"use client";

import { Suspense, useSyncExternalStore, type ReactNode } from "react";

const subscribe = () => () => {};

/**
 * Shows `fallback` on the server and until the children's scripts have loaded, for children made by `lazy`: they stay out of the
 * scripts that a page's first view waits for.
 */
export function InBrowser({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  const isBrowser = useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
  return isBrowser ? <Suspense fallback={fallback}>{children}</Suspense> : fallback;
}
