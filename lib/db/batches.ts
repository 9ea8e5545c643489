type Waiting<I, O> = { item: I; resolve: (outcome: O) => void; reject: (error: unknown) => void };
type Options<I, O> = {
  /** Runs a batch; an `Error` in a place is the failure of that item alone. Throws when the whole batch failed. */
  run: (items: I[]) => Promise<(O | Error)[]>;
  /** How many items one batch takes. */
  most: number;
};

/** Batches that may be on their way at once: while one is, what arrives waits for it or for a full next one. */
const ON_THEIR_WAY_MAX = 4;

/**
 * Puts items that arrive together into one batch: sent at the end of this turn of the event loop when none is on its way, so
 * that a lone item waits for nothing, and gathered while one is.
 */
export function createBatches<I, O>({ run, most }: Options<I, O>): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  let onTheirWay = 0;
  let scheduled = false;

  const schedule = () => {
    if (scheduled || waiting.length === 0) return;
    if (onTheirWay > 0 && (waiting.length < most || onTheirWay >= ON_THEIR_WAY_MAX)) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void send(waiting.splice(0, most));
      schedule();
    });
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
