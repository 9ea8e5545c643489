import { totalmem } from "node:os";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

/** How full the memory is, from 0 to 1. */
export type MemoryGauge = { pressure: () => number; close: () => void };

/** Above this, commands marked as deferrable are rejected; above the second, everything that adds documents. */
export const DEFERRABLE_PRESSURE_MAX = 0.8;
export const INSERT_PRESSURE_MAX = 0.9;
const READ_EVERY_MS = 1_000;

type CollectionEntry = { detail: { kind: number } };

/**
 * Measures this process: the heap after its last major collection against V8's limit, beyond which the process would end, and the
 * resident memory against what the machine or its container has.
 */
export function createMemoryGauge(): MemoryGauge {
  let heapAfterCollection = getHeapStatistics().used_heap_size;
  const observer = new PerformanceObserver((list) => {
    const isMajor = list
      .getEntries()
      .some(
        (entry) =>
          (entry as unknown as CollectionEntry).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR,
      );
    if (isMajor) heapAfterCollection = getHeapStatistics().used_heap_size;
  });
  observer.observe({ entryTypes: ["gc"] });
  let readAt = -Infinity;
  let current = 0;
  const read = (): number => {
    const { heap_size_limit: heapLimit, used_heap_size: heapUsed } = getHeapStatistics();
    const machine = Math.min(totalmem(), process.constrainedMemory() || Infinity);
    // Before a first collection near the limit, the heap in use is the only figure there is.
    const heap = Math.min(heapUsed, heapAfterCollection) / heapLimit;
    return Math.max(heap, process.memoryUsage.rss() / machine);
  };
  const pressure = () => {
    const now = performance.now();
    if (now - readAt < READ_EVERY_MS) return current;
    readAt = now;
    current = read();
    return current;
  };
  return { pressure, close: () => observer.disconnect() };
}
