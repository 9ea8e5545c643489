import { expect, test } from "vitest";
import { createBatches } from "./batcher";

/** A batcher whose batches end when the test says so. */
function staged(maxItems = 8, lingerMs = 0) {
  const sent: {
    items: number[];
    end: (outcomes: (number | Error)[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const { add, flush } = createBatches<number, number>({
    maxItems,
    lingerMs,
    run: (items) =>
      new Promise((resolve, reject) => sent.push({ items, end: resolve, fail: reject })),
  });
  return { add, flush, sent };
}
const turn = () => new Promise((resolve) => setTimeout(() => setImmediate(resolve), 6));

test("a lone item is sent at once, and what arrives meanwhile goes together", async () => {
  const { add, sent } = staged();
  const first = add(1);
  await turn();
  const others = [add(2), add(3)];
  await turn();
  expect(sent.map(({ items }) => items)).toEqual([[1]]);
  sent[0]?.end([10]);
  expect(await first).toBe(10);
  await turn();
  expect(sent.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  sent[1]?.end([20, 30]);
  expect(await Promise.all(others)).toEqual([20, 30]);
});

test("after a batch of several, an idle process sends the next without waiting", async () => {
  const { add, sent } = staged();
  const isSent = async (batches: number) => {
    for (let turns = 0; turns < 50 && sent.length < batches; turns++)
      await new Promise((go) => setImmediate(go));
    return sent.length === batches;
  };
  const some = [add(1), add(2)];
  expect(await isSent(1)).toBe(true);
  sent[0]?.end([1, 2]);
  await Promise.all(some);
  const next = add(3);
  expect(await isSent(2)).toBe(true);
  sent[1]?.end([3]);
  expect(await next).toBe(3);
});

test("a full batch does not wait for the one before it, and none is over its size", async () => {
  const { add, sent } = staged(2);
  const all = [1, 2, 3, 4, 5].map((item) => add(item));
  await turn();
  await turn();
  expect(sent.map(({ items }) => items)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  sent[1]?.end([3, 4]);
  await turn();
  sent[0]?.end([1, 2]);
  await turn();
  sent[2]?.end([5]);
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
});

test("an item that fails alone fails alone; a batch that fails fails for each", async () => {
  const { add, sent } = staged();
  const some = [add(1), add(2)];
  await turn();
  sent[0]?.end([new Error("refused"), 2]);
  const outcomes = await Promise.allSettled(some);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  const more = [add(3), add(4)];
  await turn();
  sent[1]?.fail(new Error("gone"));
  expect((await Promise.allSettled(more)).map(({ status }) => status)).toEqual([
    "rejected",
    "rejected",
  ]);
  const last = add(5);
  await turn();
  sent[2]?.end([5]);
  expect(await last).toBe(5);
});

test("what may linger waits for others, and goes at once when it is asked for", async () => {
  const { add, flush, sent } = staged(8, 60_000);
  const some = [add(1), add(2)];
  await turn();
  expect(sent).toEqual([]);
  const flushed = flush();
  expect(sent.map(({ items }) => items)).toEqual([[1, 2]]);
  sent[0]?.end([new Error("refused"), 20]);
  await flushed;
  expect((await Promise.allSettled(some)).map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
  ]);
  const full = Array.from({ length: 8 }, (_, i) => add(i));
  await turn();
  expect(sent[1]?.items).toHaveLength(8);
  sent[1]?.end([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(await Promise.all(full)).toHaveLength(8);
});
