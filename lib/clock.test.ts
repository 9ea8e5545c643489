import { afterEach, expect, test, vi } from "vitest";
import { now, setClock } from "./clock";

afterEach(() => vi.useRealTimers());

test("time follows the database, not the machine's clock", () => {
  const askedAt = performance.now();
  const databaseTime = new Date(Date.UTC(2027, 0, 1));
  setClock({ databaseTime, askedAt, answeredAt: askedAt + 10 });
  expect(Math.abs(now() - databaseTime.getTime())).toBeLessThan(1_000);
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(0);
  expect(Math.abs(now() - databaseTime.getTime())).toBeLessThan(1_000);
});

test("a slow response does not set the clock", () => {
  const askedAt = performance.now();
  setClock({ databaseTime: new Date(5_000), askedAt, answeredAt: askedAt + 10 });
  setClock({ databaseTime: new Date(9_000_000), askedAt, answeredAt: askedAt + 3_000 });
  expect(now()).toBeLessThan(60_000);
});
