import { expect, test } from "vitest";
import { createRecentMap } from "./recent-map";

test("the entries that were used last are kept, others are forgotten", () => {
  const map = createRecentMap<number>(3);
  map.set("often", 0);
  for (let i = 1; i <= 20; i++) {
    map.set(`id-${i}`, i);
    expect(map.get("often")).toBe(0);
  }
  expect([20, 19].map((i) => map.get(`id-${i}`))).toEqual([20, 19]);
  const hits = Array.from({ length: 20 }, (_, i) => map.get(`id-${i + 1}`)).filter(
    (value) => value !== undefined,
  );
  expect(hits.length).toBeLessThan(6);
});

test("a new value replaces the one before it, and a deleted entry is not there", () => {
  const map = createRecentMap<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  map.set("c", 4);
  expect(map.get("a")).toBe(3);
  map.delete("a");
  map.delete("c");
  expect([map.get("a"), map.get("c")]).toEqual([undefined, undefined]);
});
