import type { ChangeMap } from "./data-files";

/** The changes of one turn of the event loop, which become one frame. */
export type QueuedTurn = {
  changes: ChangeMap;
  undos: (() => void)[];
  /** Settled when the changes are in the log, or undone. */
  appended: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
};

export function createTurn(): QueuedTurn {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const completion = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // A change of the server itself, such as an expiry, has nobody who waits for it.
  completion.catch(() => {});
  return { changes: new Map(), undos: [], appended: completion, resolve, reject };
}
