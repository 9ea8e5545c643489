import { performance } from "node:perf_hooks";

type BatchItem<I, O> = { item: I; resolve: (outcome: O) => void; reject: (error: unknown) => void };
type BatchOptions<I, O> = {
  /** Runs a batch; an `Error` in a place is the failure of only that item. Throws when the complete batch failed. */
  run: (items: I[]) => Promise<(O | Error)[]>;
  /** How many items one batch takes. */
  maxItems: number;
  /** How long an item waits for others, for work that nobody waits for. */
  lingerMs?: number;
};
export type Batcher<I, O> = {
  add(item: I): Promise<O>;
  /** Sends immediately what waits, and resolves when all that was added so far has an outcome, good or bad. */
  flush(): Promise<void>;
};

/** Batches that may be in flight together: while one is, what arrives waits for it or for a full next one. */
const ON_THEIR_WAY_MAX = 4;
/**
 * While there is other work, a batch follows one of several items no sooner: a command costs as much as the writes of several
 * requests.
 */
const APART_MS = 5;

/** The number of events of this process's sockets, files and children so far. */
const eventsSoFar = () => performance.nodeTiming.uvMetricsInfo.events;

/**
 * Puts items that arrive together into one batch. A lone item waits for nothing unless it may linger: it is sent at the end of
 * this turn of the event loop. While a batch is on its way, items gather; so they do for a moment after one of several items,
 * unless there is nothing else to do.
 */
export function createBatches<I, O>({
  run,
  maxItems,
  lingerMs = 0,
}: BatchOptions<I, O>): Batcher<I, O> {
  let waiting: BatchItem<I, O>[] = [];
  const onTheirWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  let waitsFull = false;
  let notBefore = 0;

  const schedule = () => {
    if (waiting.length === 0) return;
    const isFull = waiting.length >= maxItems;
    if (onTheirWay.size > 0 && (!isFull || onTheirWay.size >= ON_THEIR_WAY_MAX)) return;
    if (timer !== null && (!isFull || waitsFull)) return;
    cancel();
    waitsFull = isFull;
    const waitMs = isFull ? 0 : notBefore - performance.now();
    if (waitMs <= 0) timer = setImmediate(go);
    else timer = lingerMs > 0 ? setTimeout(go, waitMs) : setImmediate(goOnceIdle, eventsSoFar());
  };

  const cancel = () => {
    if (timer === null) return;
    if ("hasRef" in timer && "refresh" in timer) clearTimeout(timer);
    else clearImmediate(timer as NodeJS.Immediate);
    timer = null;
  };

  /** Goes after a turn of the event loop in which nothing came, or when the time is up. */
  const goOnceIdle = (before: number) => {
    const events = eventsSoFar();
    if (events === before || performance.now() >= notBefore) go();
    else timer = setImmediate(goOnceIdle, events);
  };

  const go = () => {
    timer = null;
    if (waiting.length === 0) return;
    const batch = waiting.splice(0, maxItems);
    notBefore = performance.now() + (batch.length > 1 ? Math.max(APART_MS, lingerMs) : lingerMs);
    const sending: Promise<void> = send(batch).finally(() => {
      onTheirWay.delete(sending);
      schedule();
    });
    onTheirWay.add(sending);
    schedule();
  };

  const send = async (batch: BatchItem<I, O>[]) => {
    try {
      const outcomes = await run(batch.map(({ item }) => item));
      for (const [i, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[i] as O | Error;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0 && lingerMs > 0)
          notBefore = Math.max(notBefore, performance.now() + lingerMs);
        waiting.push({ item, resolve, reject });
        schedule();
      }),
    flush: async () => {
      cancel();
      while (waiting.length > 0) go();
      await Promise.all(onTheirWay);
    },
  };
}
