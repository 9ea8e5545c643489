type Waiting<I, O> = { item: I; resolve: (outcome: O) => void; reject: (error: unknown) => void };
type Options<I, O> = {
  /** Runs a batch; an `Error` in a place is the failure of that item alone. Throws when the whole batch failed. */
  run: (items: I[]) => Promise<(O | Error)[]>;
  /** How many items one batch takes. */
  most: number;
};

/** Batches that may be on their way at once: while one is, what arrives waits for it or for a full next one. */
const ON_THEIR_WAY_MAX = 4;
/** On a busy server a batch follows the one before it no sooner: a command costs as much as the writes of several requests. */
const APART_MS = 2;

/**
 * Puts items that arrive together into one batch. A lone item waits for nothing: it is sent at the end of this turn of the
 * event loop. While a batch is on its way, and for a moment after one of several items, items gather.
 */
export function createBatches<I, O>({ run, most }: Options<I, O>): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  let onTheirWay = 0;
  let scheduled = false;
  let busyUntil = 0;

  const schedule = () => {
    if (scheduled || waiting.length === 0) return;
    const isFull = waiting.length >= most;
    if (onTheirWay > 0 && (!isFull || onTheirWay >= ON_THEIR_WAY_MAX)) return;
    scheduled = true;
    const wait = isFull ? 0 : busyUntil - performance.now();
    if (wait > 0) setTimeout(go, wait);
    else setImmediate(go);
  };

  const go = () => {
    scheduled = false;
    const batch = waiting.splice(0, most);
    if (batch.length > 1) busyUntil = performance.now() + APART_MS;
    void send(batch);
    schedule();
  };

  const send = async (batch: Waiting<I, O>[]) => {
    onTheirWay++;
    try {
      const outcomes = await run(batch.map(({ item }) => item));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[i] as O | Error;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      onTheirWay--;
      schedule();
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
