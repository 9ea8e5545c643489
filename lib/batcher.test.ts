import { expect, test } from "vitest";
import { createBatches } from "./batcher";

/** A batcher whose batches end when the test says so. */
function controlledBatches(maxItems = 8, lingerMs = 0) {
  const batches: {
    items: number[];
    end: (outcomes: (number | Error)[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const { add, flush } = createBatches<number, number>({
    maxItems,
    lingerMs,
    run: (items) =>
      new Promise((resolve, reject) => batches.push({ items, end: resolve, fail: reject })),
  });
  return { add, flush, batches };
}
const turn = () => new Promise((resolve) => setTimeout(() => setImmediate(resolve), 6));

test("a single item is sent immediately, and what arrives meanwhile goes together", async () => {
  const { add, batches } = controlledBatches();
  const first = add(1);
  await turn();
  const laterItems = [add(2), add(3)];
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([[1]]);
  batches[0]?.end([10]);
  expect(await first).toBe(10);
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  batches[1]?.end([20, 30]);
  expect(await Promise.all(laterItems)).toEqual([20, 30]);
});

test("after a batch of several, an idle process sends the next without waiting", async () => {
  const { add, batches } = controlledBatches();
  const isSent = async (count: number) => {
    for (let turns = 0; turns < 50 && batches.length < count; turns++)
      await new Promise((go) => setImmediate(go));
    return batches.length === count;
  };
  const some = [add(1), add(2)];
  expect(await isSent(1)).toBe(true);
  batches[0]?.end([1, 2]);
  await Promise.all(some);
  const next = add(3);
  expect(await isSent(2)).toBe(true);
  batches[1]?.end([3]);
  expect(await next).toBe(3);
});

test("a full batch does not wait for the one before it, and none is over its size", async () => {
  const { add, batches } = controlledBatches(2);
  const all = [1, 2, 3, 4, 5].map((item) => add(item));
  await turn();
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  batches[1]?.end([3, 4]);
  await turn();
  batches[0]?.end([1, 2]);
  await turn();
  batches[2]?.end([5]);
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
});

test("a failed item fails only itself; a failed batch fails each item", async () => {
  const { add, batches } = controlledBatches();
  const some = [add(1), add(2)];
  await turn();
  batches[0]?.end([new Error("refused"), 2]);
  const outcomes = await Promise.allSettled(some);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  const laterItems = [add(3), add(4)];
  await turn();
  batches[1]?.fail(new Error("gone"));
  expect((await Promise.allSettled(laterItems)).map(({ status }) => status)).toEqual([
    "rejected",
    "rejected",
  ]);
  const last = add(5);
  await turn();
  batches[2]?.end([5]);
  expect(await last).toBe(5);
});

test("what may linger waits for others, and goes immediately on flush", async () => {
  const { add, flush, batches } = controlledBatches(8, 60_000);
  const some = [add(1), add(2)];
  await turn();
  expect(batches).toEqual([]);
  const flushing = flush();
  expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
  batches[0]?.end([new Error("refused"), 20]);
  await flushing;
  expect((await Promise.allSettled(some)).map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
  ]);
  const full = Array.from({ length: 8 }, (_, i) => add(i));
  await turn();
  expect(batches[1]?.items).toHaveLength(8);
  batches[1]?.end([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(await Promise.all(full)).toHaveLength(8);
});
