import { Suspense, type ReactNode } from "react";

interface Props {
  /** Whether the page is sent only when it is complete: a document is, also for a browser without scripts. */
  isComplete: boolean;
  fallback: ReactNode;
  children: ReactNode;
}

/** A panel that may come after the rest of its page, with a skeleton in its place until then. */
export function Late({ isComplete, fallback, children }: Props) {
  return isComplete ? children : <Suspense fallback={fallback}>{children}</Suspense>;
}
