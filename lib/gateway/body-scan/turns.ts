/** Work that waits for its turn, over all requests of this process. */
let waiting: (() => void)[] = [];
let isScheduled = false;

/**
 * Resolves when it is this work's turn: one piece of work in each turn of the event loop, in the order of the calls. So
 * however many long bodies are scanned, other requests wait for one slice of one of them.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(runFirst);
  });
}

function runFirst(): void {
  const [first, ...laterTurns] = waiting;
  waiting = laterTurns;
  isScheduled = laterTurns.length > 0;
  if (isScheduled) setImmediate(runFirst);
  first?.();
}
